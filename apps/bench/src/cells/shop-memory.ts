import { setTimeout as sleep } from "node:timers/promises";
import { loaderOf, type Opened, type Peer, type Visitor } from "../dialects/peer.js";
import { peersOf, type Vendor } from "../dialects/vendor.js";
import { shopBytes } from "../dialects/writer.js";
import { received } from "../workload/subjects.js";
import { type Cell, cellOf, effortOf, type Participant, type Reading } from "./cell.js";
import { visitorsOf, withoutDefault } from "./evaluations.js";
import { memoryInUse } from "./memory.js";
import { ratio } from "./target.js";

/** Longer than our decoding in the background takes. */
const REST_MS = 4_000;
export const SHOP_SIZE = 10_000;
/** Enough that each variation of nearly each flag is given to one of them. */
const SUBJECTS = Array.from({ length: 24 }, (_, i) => `user-${i + 1}`);
const SAMPLE = Array.from({ length: 500 }, (_, i) => i);

/** Cells of the memory that flags retain, and of the time that their first use takes. */
export function memoryOf(vendor: Vendor): readonly Cell[] {
  const { memoryAtMost: atMost = { loaded: 1, used: 1 } } = vendor;
  const { native, sdk } = vendor;
  const peers = peersOf(vendor);
  const ours = peers.filter((it) => it !== sdk);
  const count = SHOP_SIZE.toLocaleString("en");
  const findFault: Cell["findFault"] = ({ values = [] }) => findFaultOfShop(values);
  const cell: Partial<Cell> = {
    unit: "bytes",
    effort: effortOf([1, 1, 1], [1, 1, 1]),
    collectsGarbage: true,
    findFault,
  };
  const retaining = (peer: Peer, subjectCount: number): Participant => ({
    name: peer.name,
    async prepare() {
      const shop = shopOf(vendor);
      const { keys, visitors } = shop;
      // Memory that an SDK needs besides flags is not counted, nor memory that its first evaluation retains.
      const warm = await openShop(peer, shopBytes(vendor.writer, 1));
      await askOf(warm)(keys[0]!, visitors[0]!, 0); // there are many
      await warm.close?.();
      let payload: Uint8Array | null = shopBytes(vendor.writer, SHOP_SIZE);
      const payloadBytes = payload.byteLength;
      const before = memoryInUse();
      const opened = await openShop(peer, payload);
      payload = null;
      // The payload was counted before, and only our native client keeps it.
      const retained = () => memoryInUse() - before + payloadBytes;
      let afterFirst = 0;
      for (const [i, visitor] of visitors.slice(0, subjectCount).entries()) {
        await useAll(opened, keys, visitor);
        if (i === 0) afterFirst = retained();
      }
      if (subjectCount === 0) await sleep(REST_MS);
      const figure = retained();
      const also = subjectCount > 1 ? { [afterOne(peer.name)]: afterFirst } : {};
      return {
        answers: { values: await answersOf(opened, shop) },
        // The client is used once more, so that it could not be collected before.
        run: async (): Promise<Reading> => {
          return { figure, also, checksum: (await answersOf(opened, shop)).length };
        },
      };
    },
  });
  return [
    cellOf({
      ...cell,
      id: "W8-heap",
      title: `heap and array buffers that ${count} loaded flags retain`,
      participants: peers.map((it) => retaining(it, 0)),
      targets: sdk === null ? [] : [ratio(native.name, sdk.name, atMost.loaded)],
    }),
    cellOf({
      ...cell,
      id: "W8-used",
      title: `the same after each of ${count} flags was used once`,
      participants: peers.map((it) => retaining(it, 1)),
      targets: sdk === null ? [] : ours.map(({ name }) => ratio(name, sdk.name, atMost.used)),
    }),
    cellOf({
      ...cell,
      id: "W8-used-all",
      title: `the same after ${SUBJECTS.length} subjects used each of ${count} flags`,
      participants: ours.map((it) => retaining(it, SUBJECTS.length)),
      targets: ours.map(({ name }) => ratio(name, afterOne(name), 1.2)),
    }),
    cellOf({
      id: "W8-first-use",
      title: `first use of each of ${count} loaded flags`,
      participants: peers.map((it) => usingFirst(it, vendor)),
      effort: effortOf([5, 1, 1], [2, 1, 1]),
      collectsGarbage: true,
      findFault,
    }),
  ];
}

/** Returns the fault of answers of a shop's flags, or `null`. */
export function findFaultOfShop(answers: readonly unknown[]): string | null {
  return new Set(answers).size >= 2 ? null : "the flags give too few different answers";
}

function afterOne(name: string): string {
  return `${name}, after the first of them`;
}

type Shop = ReturnType<typeof shopOf>;

/** A vendor's shop, with its keys as an application would have them: as literals. There are many visitors. */
function shopOf(vendor: Vendor) {
  const keys = Array.from({ length: SHOP_SIZE }, (_, i) => received(vendor.writer.shop(i).key));
  return { keys, visitors: visitorsOf(vendor, SUBJECTS, () => vendor.shopper) };
}

/** By a loader, so that the payload is kept by the SDK alone, or by nobody. */
async function openShop(peer: Peer, bytes: Uint8Array): Promise<Opened> {
  const { load } = await loaderOf(peer);
  return (await load(bytes))();
}

function askOf({ string, typed = string }: Opened): NonNullable<Opened["typed"]> {
  return typed;
}

/** Answers are awaited one by one: some SDKs answer by promises only. */
async function useAll(opened: Opened, keys: readonly string[], visitor: Visitor): Promise<void> {
  const ask = askOf(opened);
  for (let i = 0; i < keys.length; i++) {
    const answer = ask(keys[i]!, visitor, i); // i < length
    if (answer instanceof Promise) await answer;
  }
}

async function answersOf(opened: Opened, { keys, visitors }: Shop): Promise<readonly unknown[]> {
  const ask = askOf(opened);
  const answers = SAMPLE.map((flag) => ask(keys[flag]!, visitors[0]!, flag)); // there are more
  return (await Promise.all(answers)).map(withoutDefault);
}

function usingFirst(peer: Peer, vendor: Vendor): Participant {
  return {
    name: peer.name,
    async prepare() {
      const bytes = shopBytes(vendor.writer, SHOP_SIZE);
      const shop = shopOf(vendor);
      const first = await openShop(peer, bytes);
      const values = await answersOf(first, shop);
      await first.close?.();
      return {
        answers: { values },
        async run() {
          const startedAtMs = performance.now();
          const opened = await openShop(peer, bytes);
          const loadedAtMs = performance.now();
          await useAll(opened, shop.keys, shop.visitors[0]!);
          const endedAtMs = performance.now();
          await opened.close?.();
          return {
            figure: (endedAtMs - loadedAtMs) * 1e6,
            also: { [`${peer.name}, with the load`]: (endedAtMs - startedAtMs) * 1e6 },
            checksum: SHOP_SIZE,
          };
        },
      };
    },
  };
}
