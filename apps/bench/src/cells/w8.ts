import { eppo } from "../peers/eppo.js";
import { JSON_PARSE, parseFloors } from "../peers/floor.js";
import type { Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import { shopBytes, shopFlag } from "../workload/flags.js";
import type { Cell, Participant } from "./cell.js";

const DEFAULT_VALUE = "nothing";
/** Meets every rule but some bounds of versions. */
const ATTRIBUTES: Readonly<Record<string, string>> = { country: "DE", appVersion: "5.0.0" };

/** From the bytes of a configuration to a first answer, which is not timed. */
export const w8: readonly Cell[] = [100, 1_000, 10_000].map((flagCount) => ({
  id: flagCount === 10_000 ? "W8" : `W8-${flagCount}`,
  title: `load of ${flagCount.toLocaleString("en")} flags`,
  participants: [
    loading(sortition, flagCount),
    loading(eppo, flagCount),
    ...parseFloors(() => shopBytes(flagCount)),
  ],
  effort: {
    full: { rounds: 20, operations: 10_000 / flagCount, warmUpOperations: 50_000 / flagCount },
    quick: { rounds: 3, operations: 10_000 / flagCount, warmUpOperations: 10_000 / flagCount },
  },
  collectsGarbage: true,
  targets:
    flagCount === 10_000
      ? [{ kind: "ratio", participant: sortition.name, over: JSON_PARSE, atMost: 0.5 }]
      : [],
  findFault: ({ flagCount: parsed = [], assignments = [] }) => {
    if (parsed[0] !== flagCount) return `${parsed[0]} flags were parsed`;
    return new Set(assignments).size >= 3 ? null : "the flags give too few different answers";
  },
}));

function loading(peer: Peer, flagCount: number): Participant {
  return {
    name: peer.name,
    async prepare() {
      const body = shopBytes(flagCount);
      const loader = await peer.createLoader();
      await loader.load(body);
      const client = loader.client();
      return {
        answers: {
          assignments: Array.from({ length: flagCount / 5 }, (_, i) =>
            // Every fifth flag is a text.
            client.getStringAssignment(
              shopFlag(i * 5 + 1).key,
              "user-1",
              ATTRIBUTES,
              DEFAULT_VALUE,
            ),
          ),
        },
        async run(operations) {
          for (let i = 0; i < operations; i++) await loader.load(body);
          return operations;
        },
      };
    },
  };
}
