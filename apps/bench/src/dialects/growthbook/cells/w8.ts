import { setTimeout as sleep } from "node:timers/promises";
import type { Cell, Participant } from "../../../cells/cell.js";
import { memoryInUse } from "../../../cells/memory.js";
import { JSON_PARSE, parseFloors } from "../../../floors/parse-floors.js";
import { payloadBytes, shopFeatures, shopKey } from "../features.js";
import { type Ask, type Peer, sortition, vendor } from "../peer.js";

const COUNT = 10_000;
const ATTRIBUTES = { country: "DE", appVersion: "5.0.0" };
/** Longer than our decoding in the background takes. */
const REST_MS = 1_200;

/** Loading a payload from its bytes. The first answer is not timed. */
export const w8: Cell = {
  id: "W8",
  title: `load of ${COUNT.toLocaleString("en")} features`,
  unit: "ns",
  participants: [loading(sortition), loading(vendor), ...parseFloors(shopBytes, "features")],
  effort: {
    full: { rounds: 20, operations: 1, warmUpOperations: 5 },
    quick: { rounds: 3, operations: 1, warmUpOperations: 1 },
  },
  collectsGarbage: true,
  targets: [{ kind: "ratio", participant: sortition.name, over: JSON_PARSE, atMost: 0.5 }],
  findFault: ({ texts = [] }) => findFault(texts),
};

/** Memory of a loaded payload, array buffers included. */
export const w8Heap: Cell = {
  id: "W8-heap",
  title: `memory that ${COUNT.toLocaleString("en")} loaded features retain, with array buffers`,
  unit: "bytes",
  participants: [retaining(sortition), retaining(vendor)],
  effort: {
    full: { rounds: 1, operations: 1, warmUpOperations: 1 },
    quick: { rounds: 1, operations: 1, warmUpOperations: 1 },
  },
  collectsGarbage: true,
  targets: [{ kind: "ratio", participant: sortition.name, over: vendor.name, atMost: 0.7 }],
  findFault: ({ texts = [] }) => findFault(texts),
};

function findFault(texts: readonly unknown[]): string | null {
  return new Set(texts).size >= 3 ? null : "the features give too few different answers";
}

function shopBytes(): Uint8Array {
  return payloadBytes(shopFeatures(COUNT));
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

function retaining(peer: Peer): Participant {
  return {
    name: peer.name,
    async prepare() {
      let bytes: Uint8Array | null = shopBytes();
      const own = bytes.byteLength;
      const before = memoryInUse();
      const ask = await peer.load(bytes);
      await sleep(REST_MS);
      bytes = null;
      // The payload was counted before, and only ours keeps it.
      const figure = memoryInUse() - before + own;
      return {
        answers: { texts: askTexts(ask, 500) },
        run: () => ({ figure, checksum: askTexts(ask, 500).length }),
      };
    },
  };
}
