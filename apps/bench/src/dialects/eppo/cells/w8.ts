import type { Cell, Participant } from "../../../cells/cell.js";
import { JSON_PARSE, parseFloors } from "../../../floors/parse-floors.js";
import { eppo } from "../peers/eppo.js";
import type { Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import { askTexts, findFaultOfTexts, shopBytes } from "../workload/shop.js";

/** Loading a configuration from its bytes. The first answer is not timed. */
export const w8: readonly Cell[] = [100, 1_000, 10_000].map((flagCount) => ({
  id: flagCount === 10_000 ? "W8" : `W8-${flagCount}`,
  title: `load of ${flagCount.toLocaleString("en")} flags`,
  unit: "ns",
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
  findFault: ({ flagCount: parsed = [], texts = [] }) =>
    parsed[0] === flagCount ? findFaultOfTexts(texts) : `${parsed[0]} flags were parsed`,
}));

function loading(peer: Peer, flagCount: number): Participant {
  return {
    name: peer.name,
    async prepare() {
      const body = shopBytes(flagCount);
      const loader = await peer.createLoader();
      await loader.load(body);
      return {
        answers: { texts: askTexts(loader.client(), flagCount) },
        async run(operations) {
          for (let i = 0; i < operations; i++) await loader.load(body);
          return operations;
        },
      };
    },
  };
}
