import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { ifWhole } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CapturedEvent } from "../../src/events/event.js";
import { type FetchAnswer, PostHog, type PostHogOptions } from "../../src/index.js";

/** A collector's response to one request. */
type Collect = (batch: readonly CapturedEvent[], signal?: AbortSignal) => Promise<number> | number;

/** Ten times the limits of these tests, and far less than the 10 s and more for which a request or its retry is waited. */
const BUSY_MS = 5_000;

describe("the events of a class", () => {
  let received: string[];
  let inFlight: number;
  let peak: number;
  let client: PostHog;

  /** Events are named by number. */
  const create = (collect: Collect, options: PostHogOptions = {}): PostHog => {
    client = new PostHog("phc_key", {
      flushInterval: 0,
      fetchRetryCount: 0,
      fetch: async (_, { body, signal }): Promise<FetchAnswer> => {
        const bytes = Buffer.from(body ?? "");
        const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString();
        const { batch } = JSON.parse(text) as { batch: CapturedEvent[] };
        inFlight += 1;
        peak = Math.max(peak, inFlight);
        try {
          const status = await collect(batch, signal);
          if (status === 200) received.push(...batch.map(({ event }) => event));
          return new Response("{}", { status });
        } finally {
          inFlight -= 1;
        }
      },
      ...options,
    });
    client.on("error", () => {});
    return client;
  };
  const capture = (count: number): void => {
    for (let i = 0; i < count; i++) client.capture({ distinctId: `p${i}`, event: `${i}` });
  };
  const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => `${i}`);
  const expectConserved = (): void => {
    const { accepted, delivered, dropped, inFlight: sending, queued } = client.stats();
    const lost = Object.values(dropped).reduce((sum, it) => sum + it, 0);
    expect(delivered + lost + queued + sending).toBe(accepted);
  };
  const hang: Collect = (_, signal) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
    });

  beforeEach(() => {
    received = [];
    inFlight = 0;
    peak = 0;
    for (const level of ["warn", "error", "info"] as const) {
      vi.spyOn(console, level).mockImplementation(() => {});
    }
  });
  afterEach(async () => {
    await client.shutdown(100);
    expectConserved();
    vi.restoreAllMocks();
  });

  it("lifecycle §7 fault 23: hooks and listeners that throw are only counted and reported", async () => {
    create(() => 500, {
      before_send: (event) => {
        if (event.event === "1") throw new Error("a hook");
        return event;
      },
      onError: () => {
        throw new Error("a callback");
      },
    });
    client.on("capture", () => {
      throw new Error("a listener");
    });
    capture(3);
    await client.flush().catch(() => {});
    expect(client.stats()).toMatchObject({ accepted: 2, queued: 2 });
  });

  ifWhole(it)(
    "lifecycle §7 fault 24: a collector that never responds costs no time, but the oldest of 20,000 events",
    async () => {
      create(hang);
      capture(20_000);
      await sleep(0);
      expect(client.stats().dropped.overflow).toBeGreaterThanOrEqual(9_000);
      expect(client.stats().queued).toBeLessThanOrEqual(10_000);
      const startedAtMs = performance.now();
      await client.shutdown(200);
      const lastedMs = performance.now() - startedAtMs;
      expect(lastedMs).toBeGreaterThan(190);
      expect(lastedMs).toBeLessThan(200 + BUSY_MS);
      expect(client.stats()).toMatchObject({ accepted: 20_000, queued: 0, inFlight: 0 });
      expectConserved();
    },
  );

  it("lifecycle §7 fault 25: a slow collector receives all events in order, one request at a time", async () => {
    create(async () => {
      await sleep(20);
      return 200;
    });
    capture(1_000);
    await client.shutdown();
    expect(received).toEqual(numbers(1_000));
    expect(peak).toBe(1);
  });

  it("lifecycle §7 fault 28: later changes by the caller are not sent", async () => {
    const bodies: unknown[] = [];
    create((batch) => {
      bodies.push(...batch.map(({ properties }) => properties["list"]));
      return 200;
    });
    const properties = { list: [1] };
    client.capture({ distinctId: "anna", event: "x", properties });
    properties.list.push(2);
    await client.flush();
    expect(bodies).toEqual([[1]]);
  });

  it("lifecycle §7 fault 30: shutdown returns immediately while a delivery waits for its next try", async () => {
    create(() => 500, { fetchRetryCount: 5, fetchRetryDelay: 60_000 });
    capture(1);
    void client.flush().catch(() => {});
    await sleep(20);
    const startedAtMs = performance.now();
    await client.shutdown(0);
    expect(performance.now() - startedAtMs).toBeLessThan(BUSY_MS);
    expect(client.stats().dropped.closed).toBe(1);
  });

  it("lifecycle §7 fault 30: shutdown reports how many events an outage has cost, also if the outage is known", async () => {
    create(() => 500);
    capture(3);
    await client.flush().catch(() => {});
    vi.mocked(console.warn).mockClear();
    await client.shutdown();
    expect(vi.mocked(console.warn).mock.calls.join()).toContain(
      "events lost: 3 not sent before shutdown() ended",
    );
  });

  it("lifecycle §7 fault 31: an event after shutdown is sent, as by the vendor's client", async () => {
    create(() => 200);
    capture(2);
    await Promise.all([client.shutdown(), client.shutdown()]);
    capture(1);
    await client.shutdown();
    expect(client.stats()).toMatchObject({ accepted: 3, delivered: 3 });
  });
});
