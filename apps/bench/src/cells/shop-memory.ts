import { setTimeout as sleep } from "node:timers/promises";
import { loaderOf, type Opened, type Peer, type Visitor } from "../dialects/peer.js";
import { peersOf, type Vendor } from "../dialects/vendor.js";
import { shopBytes } from "../dialects/writer.js";
import { received } from "../workload/subjects.js";
import { type Cell, cellOf, effortOf, type Participant, type Reading } from "./cell.js";
import { visitorsOf, withoutDefault } from "./evaluations.js";
import { memoryInUse } from "./memory.js";
import { ratio } from "./target.js";

/** Longer than our background decoding takes. */
const REST_MS = 4_000;
export const SHOP_SIZE = 10_000;
const SAMPLE = Array.from({ length: 500 }, (_, i) => i);

/** Creates the benchmarks for the memory that flags retain, before and after their first use. */
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
  const retaining = (peer: Peer, isUsed: boolean): Participant => ({
    name: peer.name,
    async prepare() {
      const shop = shopOf(vendor);
      const { keys, visitor } = shop;
      // Warms up with one flag, so that neither fixed costs nor the memory of the first evaluation are counted.
      const warm = await openShop(peer, shopBytes(vendor.writer, 1));
      await askOf(warm)(keys[0]!, visitor, 0); // the shop has many keys
      await warm.close?.();
      let payload: Uint8Array | null = shopBytes(vendor.writer, SHOP_SIZE);
      const payloadBytes = payload.byteLength;
      const before = memoryInUse();
      const opened = await openShop(peer, payload);
      payload = null;
      if (isUsed) await useAll(opened, keys, visitor);
      else await sleep(REST_MS);
      // `before` includes the payload, and only our native client keeps it.
      const figure = memoryInUse() - before + payloadBytes;
      return {
        answers: { values: await answersOf(opened, shop) },
        // Uses the client again, so that it cannot be collected earlier.
        run: async (): Promise<Reading> => {
          return { figure, checksum: (await answersOf(opened, shop)).length };
        },
      };
    },
  });
  return [
    cellOf({
      ...cell,
      id: "W8-heap",
      title: `heap and array buffers that ${count} loaded flags retain`,
      participants: peers.map((it) => retaining(it, false)),
      targets: sdk === null ? [] : [ratio(native.name, sdk.name, atMost.loaded)],
    }),
    cellOf({
      ...cell,
      id: "W8-used",
      title: `the same after each of ${count} flags was used once`,
      participants: peers.map((it) => retaining(it, true)),
      targets: sdk === null ? [] : ours.map(({ name }) => ratio(name, sdk.name, atMost.used)),
    }),
  ];
}

/** Returns what is wrong with the results of a shop's flags, or `null`. */
export function findFaultOfShop(answers: readonly unknown[]): string | null {
  return new Set(answers).size >= 2 ? null : "the flags give too few different answers";
}

type Shop = ReturnType<typeof shopOf>;

/** Returns a vendor's shop. Its keys are interned strings, like an application's literals. */
function shopOf(vendor: Vendor) {
  const keys = Array.from({ length: SHOP_SIZE }, (_, i) => received(vendor.writer.shop(i).key));
  const [visitor] = visitorsOf(vendor, ["user-1"], () => vendor.shopper);
  return { keys, visitor: visitor! }; // the list is not empty
}

/** Opens a shop with a loader, so that only the SDK can keep the payload. */
async function openShop(peer: Peer, bytes: Uint8Array): Promise<Opened> {
  const { load } = await loaderOf(peer);
  return (await load(bytes))();
}

function askOf({ string, typed = string }: Opened): NonNullable<Opened["typed"]> {
  return typed;
}

/** Evaluates all flags. Results are awaited one by one, because some SDKs return only promises. */
async function useAll(opened: Opened, keys: readonly string[], visitor: Visitor): Promise<void> {
  const ask = askOf(opened);
  for (let i = 0; i < keys.length; i++) {
    const answer = ask(keys[i]!, visitor, i); // i < length
    if (answer instanceof Promise) await answer;
  }
}

async function answersOf(opened: Opened, { keys, visitor }: Shop): Promise<readonly unknown[]> {
  const ask = askOf(opened);
  const answers = SAMPLE.map((flag) => ask(keys[flag]!, visitor, flag)); // the shop has more flags than this
  return (await Promise.all(answers)).map(withoutDefault);
}
