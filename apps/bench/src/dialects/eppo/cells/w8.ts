import type { Cell, Participant } from "../../../cells/cell.js";
import { askTyped } from "../../../cells/typed-ask.js";
import { cellsOfShop } from "../../../cells/used.js";
import { JSON_PARSE, parseFloors } from "../../../floors/parse-floors.js";
import { eppo } from "../peers/eppo.js";
import { facade } from "../peers/facade.js";
import type { Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import { ATTRIBUTES, askTexts, findFaultOfTexts, shopBytes, shopFlag } from "../workload/shop.js";

const SHOP_SIZE = 10_000;

/** Loading a configuration from its bytes. The first answer is not timed. */
export const w8: readonly Cell[] = [100, 1_000, SHOP_SIZE].map((flagCount) => ({
  id: flagCount === SHOP_SIZE ? "W8" : `W8-${flagCount}`,
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
    flagCount === SHOP_SIZE
      ? [{ kind: "ratio", participant: sortition.name, over: JSON_PARSE, atMost: 0.5 }]
      : [],
  findFault: ({ flagCount: parsed = [], texts = [] }) =>
    parsed[0] === flagCount ? findFaultOfTexts(texts) : `${parsed[0]} flags were parsed`,
}));

/** Memory of flags, and their first use. */
export const ofShop: readonly Cell[] = cellsOfShop({
  flagCount: SHOP_SIZE,
  keyOf: (flag) => shopFlag(flag).key,
  bytes: shopBytes,
  openers: [sortition, facade, eppo].map((peer) => ({
    name: peer.name,
    async open(bytes) {
      const loader = await peer.createLoader();
      await loader.load(bytes);
      const client = loader.client();
      return { ask: (key, subject, it) => askTyped(client, it, key, subject, ATTRIBUTES) };
    },
  })),
  atMost: { loaded: 0.7, used: 1.4 },
  sample: Array.from({ length: 500 }, (_, i) => i),
});

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
