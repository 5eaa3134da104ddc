import type { Cell, Participant, Reading } from "../../../cells/cell.js";
import { cellsOfShop } from "../../../cells/used.js";
import { JSON_PARSE, parseFloors } from "../../../floors/parse-floors.js";
import { definitionBytes, SHOPPER, shopFlags, shopKey } from "../definitions.js";
import { type Evaluating, facade, native, type Peer, type Value, vendor } from "../peers.js";
import { answerOf } from "./asking.js";

const COUNT = 10_000;

/** Loading definitions from their bytes, by a new client. The first answer is not timed. */
export const w8: Cell = {
  id: "W8",
  title: `load of ${COUNT.toLocaleString("en")} flags`,
  unit: "ns",
  participants: [
    loading(native),
    loading(vendor),
    loading(facade),
    ...parseFloors(() => shopBytes()),
  ],
  effort: {
    full: { rounds: 20, operations: 1, warmUpOperations: 5 },
    quick: { rounds: 3, operations: 1, warmUpOperations: 1 },
  },
  collectsGarbage: true,
  targets: [{ kind: "ratio", participant: native.name, over: JSON_PARSE, atMost: 0.6 }],
  findFault: ({ values = [] }) => findFault(values),
};

/** Memory of flags, and their first use. */
export const ofShop: readonly Cell[] = cellsOfShop({
  flagCount: COUNT,
  keyOf: shopKey,
  bytes: shopBytes,
  openers: [native, vendor, facade].map((peer) => ({
    name: peer.name,
    async open(bytes) {
      const client = await peer.load(bytes);
      return {
        ask(flagKey, key) {
          const value = client.variant(flagKey, { key, properties: SHOPPER });
          return value instanceof Promise ? value.then(answerOf) : answerOf(value);
        },
        close: () => client.close(),
      };
    },
  })),
  atMost: { loaded: 1, used: 2.2 },
  sample: Array.from({ length: 500 }, (_, i) => i),
});

function findFault(values: readonly unknown[]): string | null {
  return new Set(values).size >= 3 ? null : "the flags have too few different values";
}

function shopBytes(count = COUNT): Uint8Array {
  return definitionBytes(shopFlags(count));
}

/** Values of the first flags. */
async function askSome(client: Evaluating, count: number): Promise<readonly unknown[]> {
  const values: unknown[] = [];
  for (let i = 0; i < count; i++) {
    const value: Value = await client.variant(shopKey(i), { key: "user-1", properties: SHOPPER });
    values.push(answerOf(value));
  }
  return values;
}

function loading(peer: Peer): Participant {
  return {
    name: peer.name,
    async prepare() {
      const bytes = shopBytes();
      const first = await peer.load(bytes);
      const values = await askSome(first, 2_000);
      await first.close();
      return {
        answers: { values },
        async run(operations): Promise<Reading> {
          let sum = 0;
          for (let i = 0; i < operations; i++) {
            const startedAtNs = process.hrtime.bigint();
            const client = await peer.load(bytes);
            sum += Number(process.hrtime.bigint() - startedAtNs);
            await client.close();
          }
          return { figure: sum / operations, checksum: operations };
        },
      };
    },
  };
}
