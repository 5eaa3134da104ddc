import { setTimeout as sleep } from "node:timers/promises";
import type { Cell, Participant, Reading } from "../../../cells/cell.js";
import { memoryInUse } from "../../../cells/memory.js";
import { JSON_PARSE, parseFloors } from "../../../floors/parse-floors.js";
import { definitionBytes, SHOPPER, shopFlags, shopKey } from "../definitions.js";
import { type Evaluating, facade, native, type Peer, type Value, vendor } from "../peers.js";
import { answerOf } from "./asking.js";

const COUNT = 10_000;
/** Longer than our decoding in the background takes. */
const REST_MS = 1_200;

/** Loading definitions from their bytes, by a new client. The first answer is not timed. */
export const w8: Cell = {
  id: "W8",
  title: `load of ${COUNT.toLocaleString("en")} flags`,
  unit: "ns",
  participants: [loading(native), loading(vendor), loading(facade), ...parseFloors(shopBytes)],
  effort: {
    full: { rounds: 20, operations: 1, warmUpOperations: 5 },
    quick: { rounds: 3, operations: 1, warmUpOperations: 1 },
  },
  collectsGarbage: true,
  targets: [{ kind: "ratio", participant: native.name, over: JSON_PARSE, atMost: 0.6 }],
  findFault: ({ values = [] }) => findFault(values),
};

/** Memory of loaded definitions, array buffers included. */
export const w8Heap: Cell = {
  id: "W8-heap",
  title: `memory that ${COUNT.toLocaleString("en")} loaded flags retain, with array buffers`,
  unit: "bytes",
  participants: [retaining(native), retaining(vendor), retaining(facade)],
  effort: {
    full: { rounds: 1, operations: 1, warmUpOperations: 1 },
    quick: { rounds: 1, operations: 1, warmUpOperations: 1 },
  },
  collectsGarbage: true,
  targets: [{ kind: "ratio", participant: native.name, over: vendor.name, atMost: 1 }],
  findFault: ({ values = [] }) => findFault(values),
};

function findFault(values: readonly unknown[]): string | null {
  return new Set(values).size >= 3 ? null : "the flags have too few different values";
}

function shopBytes(): Uint8Array {
  return definitionBytes(shopFlags(COUNT));
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

function retaining(peer: Peer): Participant {
  return {
    name: peer.name,
    async prepare() {
      // What the client needs besides definitions is not counted.
      const empty = await peer.load(definitionBytes(shopFlags(1)));
      let bytes: Uint8Array | null = shopBytes();
      const own = bytes.byteLength;
      const before = memoryInUse();
      const client = await peer.load(bytes);
      await sleep(REST_MS);
      bytes = null;
      // The payload was counted before, and only our native client keeps it.
      const figure = memoryInUse() - before + own;
      const values = await askSome(client, 500);
      await empty.close();
      return {
        answers: { values },
        // The client is used once more, so that it could not be collected before.
        run: async () => ({ figure, checksum: (await askSome(client, 500)).length }),
      };
    },
  };
}
