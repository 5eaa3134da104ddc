import { setTimeout as sleep } from "node:timers/promises";
import { received } from "../workload/subjects.js";
import type { Cell, Participant, Reading } from "./cell.js";
import { memoryInUse } from "./memory.js";
import { sideOf } from "./side.js";

/** An SDK that has loaded the flags of a shop. */
export interface Opened {
  /** Evaluates one flag. `flag` is its number in the shop. */
  ask(flagKey: string, subjectKey: string, flag: number): unknown;
  close?(): Promise<unknown>;
}

/** An SDK, and how it loads flags. */
export interface Opener {
  readonly name: string;
  open(bytes: Uint8Array): Promise<Opened>;
}

/** The flags of a large shop, and the SDKs that load them. */
export interface Shop {
  readonly flagCount: number;
  keyOf(flag: number): string;
  /** The payload with so many of the flags. The SDK alone keeps it, or nobody. */
  bytes(flagCount: number): Uint8Array;
  /** Our native client comes first. */
  readonly openers: readonly Opener[];
  /** How many times the vendor's memory that of ours may be: once loaded, once each flag was used. */
  readonly atMost: { readonly loaded: number; readonly used: number };
  /** The sample of flags whose answers are compared. */
  readonly sample: readonly number[];
}

/** Longer than our decoding in the background takes. */
const REST_MS = 1_200;
const FIRST = "user-1";
/** Enough that each variation of nearly each flag is given to one of them. */
const SUBJECTS = Array.from({ length: 24 }, (_, i) => `user-${i + 1}`);
const ONCE = { rounds: 1, operations: 1, warmUpOperations: 1 };

/** Cells of the memory that flags retain, and of the time that their first use takes. */
export function cellsOfShop(shop: Shop): readonly Cell[] {
  const { atMost, flagCount, openers, sample } = shop;
  const vendor = openers.find(({ name }) => sideOf(name) === "vendor") as Opener; // each shop has one
  const ours = openers.filter((it) => it !== vendor);
  const count = flagCount.toLocaleString("en");
  const cell = {
    unit: "bytes",
    effort: { full: ONCE, quick: ONCE },
    collectsGarbage: true,
    findFault: ({ values = [] }) =>
      new Set(values).size >= 2 ? null : "the flags give too few different answers",
  } as const satisfies Partial<Cell>;
  const ratio = (participant: string, over: string, limit: number) =>
    ({ kind: "ratio", participant, over, atMost: limit }) as const;
  const retaining = (opener: Opener, subjects: readonly string[]): Participant => ({
    name: opener.name,
    async prepare() {
      const keys = keysOf(shop);
      // What an SDK needs besides flags is not counted, nor what its first evaluation leaves behind.
      const warm = await opener.open(shop.bytes(1));
      await warm.ask(keys[0] as string, FIRST, 0);
      await warm.close?.();
      let payload: Uint8Array | null = shop.bytes(flagCount);
      const payloadBytes = payload.byteLength;
      const before = memoryInUse();
      const opened = await opener.open(payload);
      payload = null;
      // The payload was counted before, and only our native client keeps it.
      const retained = () => memoryInUse() - before + payloadBytes;
      let afterFirst = 0;
      for (const [i, subjectKey] of subjects.entries()) {
        await useAll(opened, keys, subjectKey);
        if (i === 0) afterFirst = retained();
      }
      if (subjects.length === 0) await sleep(REST_MS);
      const figure = retained();
      const also = subjects.length > 1 ? { [afterOne(opener.name)]: afterFirst } : {};
      return {
        answers: { values: await answersOf(opened, keys, sample) },
        // The client is used once more, so that it could not be collected before.
        run: async (): Promise<Reading> => {
          return { figure, also, checksum: (await answersOf(opened, keys, sample)).length };
        },
      };
    },
  });
  return [
    {
      ...cell,
      id: "W8-heap",
      title: `heap and array buffers that ${count} loaded flags retain`,
      participants: openers.map((it) => retaining(it, [])),
      targets: [ratio(openers[0]!.name, vendor.name, atMost.loaded)], // there is a first
    },
    {
      ...cell,
      id: "W8-used",
      title: `the same after each of ${count} flags was used once`,
      participants: openers.map((it) => retaining(it, [FIRST])),
      targets: ours.map(({ name }) => ratio(name, vendor.name, atMost.used)),
    },
    {
      ...cell,
      id: "W8-used-all",
      title: `the same after ${SUBJECTS.length} subjects used each of ${count} flags`,
      participants: ours.map((it) => retaining(it, SUBJECTS)),
      targets: ours.map(({ name }) => ratio(name, afterOne(name), 1.2)),
    },
    {
      ...cell,
      id: "W8-first-use",
      title: `first use of each of ${count} loaded flags`,
      unit: "ns",
      participants: openers.map((it) => usingFirst(it, shop)),
      effort: {
        full: { rounds: 5, operations: 1, warmUpOperations: 1 },
        quick: { rounds: 2, operations: 1, warmUpOperations: 1 },
      },
      targets: [],
    },
  ];
}

function afterOne(name: string): string {
  return `${name}, after the first of them`;
}

/** Keys that an application would have as literals. */
function keysOf({ flagCount, keyOf }: Shop): readonly string[] {
  return Array.from({ length: flagCount }, (_, i) => received(keyOf(i)));
}

/** Answers are awaited one by one: some SDKs answer by promises only. */
async function useAll(opened: Opened, keys: readonly string[], subjectKey: string): Promise<void> {
  for (let i = 0; i < keys.length; i++) {
    const answer = opened.ask(keys[i]!, subjectKey, i); // i < length
    if (answer instanceof Promise) await answer;
  }
}

async function answersOf(
  { ask }: Opened,
  keys: readonly string[],
  sample: readonly number[],
): Promise<readonly unknown[]> {
  return await Promise.all(sample.map((flag) => ask(keys[flag] as string, FIRST, flag)));
}

function usingFirst(opener: Opener, shop: Shop): Participant {
  return {
    name: opener.name,
    async prepare() {
      const bytes = shop.bytes(shop.flagCount);
      const keys = keysOf(shop);
      const first = await opener.open(bytes);
      const values = await answersOf(first, keys, shop.sample);
      await first.close?.();
      return {
        answers: { values },
        async run() {
          const startedAtMs = performance.now();
          const opened = await opener.open(bytes);
          const loadedAtMs = performance.now();
          await useAll(opened, keys, FIRST);
          const endedAtMs = performance.now();
          await opened.close?.();
          return {
            figure: (endedAtMs - loadedAtMs) * 1e6,
            also: { [`${opener.name}, with the load`]: (endedAtMs - startedAtMs) * 1e6 },
            checksum: shop.flagCount,
          };
        },
      };
    },
  };
}
