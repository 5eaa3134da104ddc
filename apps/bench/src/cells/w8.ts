import { eppo } from "../peers/eppo.js";
import { JSON_PARSE, parseFloors } from "../peers/floor.js";
import type { Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import { configurationBytes, shopFlag } from "../workload/flags.js";
import type { Cell, Participant } from "./cell.js";

const FLAG_COUNT = 10_000;
const DEFAULT_VALUE = "nothing";
/** Meets every rule but some bounds of versions. */
const ATTRIBUTES: Readonly<Record<string, string>> = { country: "DE", appVersion: "5.0.0" };

/** From the bytes of a large configuration to a first answer, which is not timed. */
export const w8: Cell = {
  id: "W8",
  title: `load of ${FLAG_COUNT.toLocaleString("en")} flags`,
  participants: [loading(sortition), loading(eppo), ...parseFloors(bytes)],
  effort: {
    full: { rounds: 20, operations: 1, warmUpOperations: 5 },
    quick: { rounds: 6, operations: 1, warmUpOperations: 2 },
  },
  collectsGarbage: true,
  targets: [{ kind: "ratio", participant: sortition.name, over: JSON_PARSE, atMost: 1.2 }],
  findFault: ({ flagCount = [], assignments = [] }) => {
    if (flagCount[0] !== FLAG_COUNT) return `${flagCount[0]} flags were parsed`;
    return new Set(assignments).size >= 3 ? null : "the flags give too few different answers";
  },
};

function loading(peer: Peer): Participant {
  return {
    name: peer.name,
    async prepare() {
      const body = bytes();
      const loader = await peer.createLoader();
      await loader.load(body);
      const client = loader.client();
      return {
        answers: {
          assignments: Array.from({ length: FLAG_COUNT / 5 }, (_, i) =>
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

function bytes(): Uint8Array {
  return configurationBytes(Array.from({ length: FLAG_COUNT }, (_, index) => shopFlag(index)));
}
