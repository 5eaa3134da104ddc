import { eppo } from "@sortition/core/eppo";
import { createFakeClock, type FakeClock } from "@sortition/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import { type EdgeClient, type EdgeClientOptions, edgeClient } from "../src/index.js";
import { expectNothingMissed } from "./support/clock-day.js";
import { createMemoryCache } from "./support/memory-cache.js";
import { createVendor, flagsWith, type Vendor } from "./support/vendor.js";

const HOUR_MS = 3_600_000;
const MAX_AGE_MS = 30_000;
const VISIT_MS = 1_000;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

let clock: FakeClock;
let vendor: Vendor;

beforeEach(() => {
  clock = createFakeClock();
  vendor = createVendor();
});

/** Creates an isolate whose wall clock is off by `skewMs`. */
function create(options: Partial<EdgeClientOptions> = {}, skewMs = 0): EdgeClient {
  return edgeClient({
    dialect: eppo() as never,
    apiKey: "key",
    fetch: vendor.fetch,
    diagnostics: SILENT,
    random: () => 0.5,
    maxAgeMs: MAX_AGE_MS,
    clock: { ...clock, now: () => clock.now() + skewMs },
    ...options,
  });
}

/** Makes one request, and advances the clock by a second for its work. */
async function visit(flags: EdgeClient): Promise<string> {
  const making = flags.forRequest({ waitUntil() {} });
  await clock.advance(VISIT_MS);
  const client = await making;
  return client.getStringAssignment("checkout", "alice", {}, "default");
}

/** Visits the isolates until all of them serve the vendor's value. Returns how many ms that took. */
async function msUntilServed(...isolates: readonly EdgeClient[]): Promise<number> {
  for (let ms = 0; ms < 2 * HOUR_MS; ms += VISIT_MS * isolates.length) {
    const values: string[] = [];
    for (const flags of isolates) values.push(await visit(flags));
    if (values.every((value) => value === vendor.value)) return ms;
  }
  return Number.POSITIVE_INFINITY;
}

describe("a wall clock that is set back or forward", () => {
  it.each([
    { jumpMs: -HOUR_MS, because: "requests are ordered by number" },
    { jumpMs: HOUR_MS, because: "a jump forward costs one early request" },
  ])(
    "by $jumpMs ms delays no change and costs no requests, because $because",
    async ({ jumpMs }) => {
      const flags = create({ cache: createMemoryCache() });
      await visit(flags);
      clock.jump(jumpMs);
      for (let i = 0; i < 150; i++) await visit(flags);
      expect(vendor.requests.length).toBeLessThanOrEqual(1 + 150_000 / MAX_AGE_MS + 1);
      vendor.value = "second";
      expect(await msUntilServed(flags)).toBeLessThanOrEqual(2 * MAX_AGE_MS);
      expect(flags.status).toMatchObject({ state: "fresh", lastError: null });
    },
  );

  it("does not bring an older response back", async () => {
    const flags = create();
    await visit(flags);
    await clock.advance(31_000);
    let respond = (_: Response): void => {};
    vendor.fault = () =>
      new Promise((resolve) => {
        respond = resolve;
      });
    await visit(flags);
    await clock.advance(2_000);
    clock.jump(-HOUR_MS);
    vendor.fault = null;
    vendor.value = "third";
    await visit(flags);
    expect(await visit(flags)).toBe("third");
    respond(new Response(flagsWith("second")));
    await clock.advance(100);
    expect(await visit(flags)).toBe("third");
  });
});

describe("a copy from the future", () => {
  it.each([
    { writer: HOUR_MS, reader: 0, because: "the writer's clock is ahead" },
    { writer: 0, reader: -HOUR_MS, because: "the reader's clock is behind" },
  ])("is served, revalidated and written again if $because", async ({ reader, writer }) => {
    const cache = createMemoryCache();
    await visit(create({ cache }, writer));
    const flags = create({ cache }, reader);
    expect(await visit(flags)).toBe("first");
    expect(vendor.requests).toHaveLength(2);
    expect(cache.writes).toBe(2);
    expect(flags.status).toMatchObject({ state: "fresh", cache: { faults: { future: 1 } } });
    const next = create({ cache }, reader);
    await visit(next);
    expect(next.status).toMatchObject({ vendorRequests: 0, cache: { faults: { future: 0 } } });
  });

  it("has an unknown age while the vendor is down", async () => {
    const cache = createMemoryCache();
    await visit(create({ cache }, HOUR_MS));
    vendor.fault = () => new Response("", { status: 503 });
    const flags = create({ cache });
    expect(await visit(flags)).toBe("first");
    expect(flags.status).toMatchObject({ state: "stale", ageMs: null });
  });

  it("does not replace a configuration that the isolate requested itself", async () => {
    const cache = createMemoryCache();
    await visit(create({ cache }, HOUR_MS));
    const [ahead] = cache.entries;
    vendor.value = "second";
    const flags = create({ cache });
    await visit(flags);
    expect(await visit(flags)).toBe("second");
    if (ahead !== undefined) cache.entries.set(...ahead);
    vendor.fault = () => new Response("", { status: 503 });
    for (let i = 0; i < 60; i++) expect(await visit(flags)).toBe("second");
  });

  it("delays no change for isolates with and without wrong clocks, and at most doubles the requests", async () => {
    const cache = createMemoryCache();
    const isolates = [create({ cache }, HOUR_MS), create({ cache }), create({ cache })];
    for (let i = 0; i < 4; i++) {
      vendor.value = `value ${i}`;
      expect(await msUntilServed(...isolates)).toBeLessThanOrEqual(2 * MAX_AGE_MS);
    }
    const startedMs = clock.monotonicMs();
    const before = vendor.requests.length;
    for (let i = 0; i < 40; i++) for (const flags of isolates) await visit(flags);
    const intervals = (clock.monotonicMs() - startedMs) / MAX_AGE_MS;
    expect(vendor.requests.length - before).toBeLessThanOrEqual(2 * intervals + 2);
  });
});

describe("a frozen function, whose monotonic clock stands still", () => {
  it("checks for a new configuration with its first request, and knows its age", async () => {
    const flags = create();
    await visit(flags);
    clock.jump(HOUR_MS);
    expect(flags.status).toMatchObject({ state: "stale" });
    expect(flags.status.ageMs).toBeGreaterThanOrEqual(HOUR_MS);
    vendor.value = "second";
    expect(await msUntilServed(flags)).toBeLessThanOrEqual(2 * VISIT_MS);
  });

  it("pauses no longer than the server requested", async () => {
    const flags = create();
    vendor.fault = () => new Response("", { status: 429, headers: { "retry-after": "60" } });
    await visit(flags);
    vendor.fault = null;
    clock.jump(61_000);
    expect(await visit(flags)).toBe("first");
  });
});

describe("isolates over a quarter of an hour of wrong clocks", () => {
  it.each([
    { what: "alone", isShared: false },
    { what: "with a shared cache", isShared: true },
  ])(
    "$what receive each change within two intervals, with at most twice the requests",
    async ({ isShared }) => {
      await expectNothingMissed({ hours: 0.25, isShared });
    },
  );

  it("make no more requests than without a shared cache if their clocks are always wrong", async () => {
    const skewsMs = [HOUR_MS, 0, -HOUR_MS];
    await expectNothingMissed({ hours: 0.25, isShared: true, skewsMs });
  });
});
