import type { Cell, Participant } from "../../../cells/cell.js";
import { askTyped } from "../../../cells/typed-ask.js";
import { cellsOfShop } from "../../../cells/used.js";
import { JSON_PARSE, parseFloors } from "../../../floors/parse-floors.js";
import { payloadBytes, shopFeatures, shopKey } from "../features.js";
import { type Ask, facade, nativeClient, type Peer, sortition, vendor } from "../peer.js";

const COUNT = 10_000;
const ATTRIBUTES = { country: "DE", appVersion: "5.0.0" };

/** Loading a payload from its bytes. The first answer is not timed. */
export const w8: Cell = {
  id: "W8",
  title: `load of ${COUNT.toLocaleString("en")} features`,
  unit: "ns",
  participants: [
    loading(sortition),
    loading(vendor),
    ...parseFloors(() => shopBytes(), "features"),
  ],
  effort: {
    full: { rounds: 20, operations: 1, warmUpOperations: 5 },
    quick: { rounds: 3, operations: 1, warmUpOperations: 1 },
  },
  collectsGarbage: true,
  targets: [{ kind: "ratio", participant: sortition.name, over: JSON_PARSE, atMost: 0.5 }],
  findFault: ({ texts = [] }) => findFault(texts),
};

/** Memory of features, and their first use. */
export const ofShop: readonly Cell[] = cellsOfShop({
  flagCount: COUNT,
  keyOf: shopKey,
  bytes: shopBytes,
  openers: [sortition, vendor, facade].map((peer) => ({
    name: peer.name,
    async open(bytes) {
      if (peer === sortition) {
        const client = nativeClient(bytes);
        return { ask: (key, subject, it) => askTyped(client, it, key, subject, ATTRIBUTES) };
      }
      const ask = await peer.load(bytes);
      return { ask: (key, subject) => ask(key, subject, ATTRIBUTES) };
    },
  })),
  atMost: { loaded: 0.7, used: 1.75 },
  sample: Array.from({ length: 500 }, (_, i) => i),
});

function findFault(texts: readonly unknown[]): string | null {
  return new Set(texts).size >= 3 ? null : "the features give too few different answers";
}

function shopBytes(count = COUNT): Uint8Array {
  return payloadBytes(shopFeatures(count));
}

/** Values of the features with strings. */
function askTexts(ask: Ask, count: number): readonly unknown[] {
  return Array.from({ length: count / 5 }, (_, i) => ask(shopKey(i * 5 + 1), "user-1", ATTRIBUTES));
}

function loading(peer: Peer): Participant {
  return {
    name: peer.name,
    async prepare() {
      const bytes = shopBytes();
      let ask = await peer.load(bytes);
      return {
        answers: { texts: askTexts(ask, COUNT) },
        async run(operations) {
          for (let i = 0; i < operations; i++) ask = await peer.load(bytes);
          return typeof ask === "function" ? operations : 0;
        },
      };
    },
  };
}
