import { Configuration, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { NoSubjectError, subjectsIn } from "@sortition/testing";
import { eppoWriter } from "../dialects/eppo/writer.js";
import type { FlagBody } from "../dialects/writer.js";
import { type Cell, cellOf, effortOf, type Participant } from "./cell.js";
import { FLAG } from "./evaluations.js";
import { limit } from "./target.js";

const FOUND = "sortition, a split of 0.1%";
const VAIN = "sortition, 100,000 vain tries";
/** Keys that a vain search tries: its default. */
const TRIES = 100_000;

/** How long a test waits for a subject in a variation that few get, and for the error that nobody gets it. */
export const w20: Cell = cellOf({
  id: "W20",
  title: "subjectsIn of @sortition/testing: one subject of a rare variation",
  participants: [searching(FOUND, 10, find), searching(VAIN, 0, findNobody)],
  effort: effortOf([15, 1, 2], [3, 1, 1]),
  targets: [limit(FOUND, 20e6), limit(VAIN, 300e6)],
  findFault: ({ found = [], vain = [] }) =>
    typeof found[0] === "string" && vain[0] === TRIES
      ? null
      : "the search found nobody, or too many",
});

type Client = Parameters<typeof subjectsIn>[0];

function searching(name: string, shards: number, search: (client: Client) => object): Participant {
  return {
    name,
    async prepare() {
      const flagsConfiguration = eppoWriter.bytes([rare(shards)]);
      const client = createClient({
        dialect: eppo(),
        initialConfiguration: Configuration.from({
          dialect: eppo(),
          payloads: { flags: flagsConfiguration },
        }),
        assignmentLogger: null,
      });
      return {
        answers: search(client) as Record<string, readonly unknown[]>, // both give lists
        run(operations) {
          let checksum = 0;
          for (let i = 0; i < operations; i++) checksum += Object.keys(search(client)).length;
          return checksum;
        },
      };
    },
  };
}

function find(client: Client): object {
  return { found: subjectsIn(client, FLAG, "on") };
}

function findNobody(client: Client): object {
  try {
    return { vain: subjectsIn(client, FLAG, "on") };
  } catch (cause) {
    if (!(cause instanceof NoSubjectError)) throw cause;
    return { vain: [Number(/of (\d+) subjects/.exec(cause.message)?.[1])] };
  }
}

/** A flag of two halves. The upper half has so many of 10,000 shards. */
function rare(shards: number): FlagBody {
  const bound = 10_000 - shards;
  return JSON.parse(JSON.stringify(eppoWriter.half(FLAG)).replaceAll("5000", `${bound}`));
}
