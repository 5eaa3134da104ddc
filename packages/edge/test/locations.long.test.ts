import { eppo } from "@sortition/core/eppo";
import { createFakeClock, type FakeClock } from "@sortition/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import { type EdgeClient, edgeClient, type KvNamespace, kvCache } from "../src/index.js";
import { createVendor, type Vendor } from "./support/vendor.js";

const LOCATIONS = 3;
const ISOLATES = 20;
const LAG_MS = 60_000;
const MAX_AGE_MS = 30_000;
const STEP_MS = 1_000;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

let clock: FakeClock;
let vendor: Vendor;
/** Writes of all locations. */
let writes: number;
/** The last values written by any location. */
let stored: Map<string, ArrayBuffer>;

/** Creates a namespace as seen from one location, which caches its reads, including misses, for a minute. */
function namespaceOf(): KvNamespace {
  const seen = new Map<string, { value: ArrayBuffer | null; untilMs: number }>();
  return {
    async get(name) {
      const known = seen.get(name);
      if (known !== undefined && clock.monotonicMs() < known.untilMs) return known.value;
      const value = stored.get(name) ?? null;
      seen.set(name, { value, untilMs: clock.monotonicMs() + LAG_MS });
      return value;
    },
    async put(name, bytes) {
      writes += 1;
      stored.set(name, bytes.slice().buffer as ArrayBuffer); // a separate copy
    },
  };
}

/** Creates a small seeded generator, so that each run is the same. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function createIsolates(): readonly EdgeClient[] {
  const namespaces = Array.from({ length: LOCATIONS }, namespaceOf);
  return Array.from({ length: ISOLATES }, (_, i) =>
    edgeClient({
      dialect: eppo(),
      apiKey: "key",
      fetch: vendor.fetch,
      cache: kvCache(namespaces[i % LOCATIONS] as KvNamespace), // there is one namespace per location
      maxAgeMs: MAX_AGE_MS,
      random: seeded(i + 1),
      diagnostics: SILENT,
      clock,
    }),
  );
}

/** Makes one request to each isolate. Returns their values, and which of them did not respond immediately. */
async function askAll(
  isolates: readonly EdgeClient[],
): Promise<{ values: readonly string[]; waited: number }> {
  const values: string[] = [];
  const asking = isolates.map(async (flags) => {
    const client = await flags.forRequest({ waitUntil() {} });
    values.push(client.getStringAssignment("checkout", "alice", {}, "default"));
  });
  for (let i = 0; i < 8; i++) await null;
  const waited = isolates.length - values.length;
  await clock.advance(STEP_MS);
  await Promise.all(asking);
  return { values, waited };
}

beforeEach(() => {
  clock = createFakeClock();
  vendor = createVendor();
  writes = 0;
  stored = new Map();
});

describe("20 isolates in three locations with a KV namespace that lags by a minute", () => {
  it("send at most three requests to the vendor, and write once, per maxAgeMs and location", async () => {
    const isolates = createIsolates();
    const windows = 40;
    for (let atMs = 0; atMs < 120_000; atMs += STEP_MS) await askAll(isolates);
    const [requestsBefore, writesBefore] = [vendor.requests.length, writes];
    let waited = 0;
    for (let atMs = 0; atMs < windows * MAX_AGE_MS; atMs += STEP_MS) {
      waited += (await askAll(isolates)).waited;
    }
    const perWindow = (count: number): number => count / windows / LOCATIONS;
    expect(perWindow(vendor.requests.length - requestsBefore)).toBeLessThanOrEqual(3);
    expect(perWindow(writes - writesBefore)).toBeLessThanOrEqual(1);
    expect(waited).toBe(0);
  });

  it("receive a change within 2 × maxAgeMs plus the lag, and no older one afterwards", async () => {
    const isolates = createIsolates();
    for (let change = 1; change <= 10; change++) {
      for (let atMs = 0; atMs < 50_000; atMs += STEP_MS) await askAll(isolates);
      vendor.value = `change ${change}`;
      const reached = new Set<number>();
      const limitMs = 2 * MAX_AGE_MS + LAG_MS;
      for (let atMs = 0; atMs < limitMs; atMs += STEP_MS) {
        await Promise.all(
          isolates.map(async (flags, i) => {
            const client = await flags.forRequest({ waitUntil() {} });
            const value = client.getStringAssignment("checkout", "alice", {}, "default");
            if (value === vendor.value) reached.add(i);
            else expect(reached.has(i)).toBe(false);
          }),
        );
        await clock.advance(STEP_MS);
      }
      expect((await askAll(isolates)).values).toEqual(Array(ISOLATES).fill(vendor.value));
    }
  });
});
