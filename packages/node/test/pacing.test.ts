import type { Client } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import {
  createFakeClock,
  type FakeClock,
  type Reply,
  seededRandom,
  startTestServer,
  type TestServer,
} from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient } from "../src/client/create-client.js";
import type { ClientOptions } from "../src/client/options.js";
import { init } from "../src/client/singleton.js";
import { httpOrigin } from "../src/index.js";
import { pollingSource } from "../src/source/polling-source.js";
import { type RecordedDiagnostics, recordDiagnostics } from "./support/diagnostics.js";
import { type RealWork, watchRealWork } from "./support/real-work.js";
import { flagsAnswer, status } from "./support/servers.js";

const INTERVAL_MS = 30_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Faults that take minutes, tested with a fake clock and a real server. */
describe("polling over a long time", () => {
  let server: TestServer;
  let work: RealWork;
  let clock: FakeClock;
  let diagnostics: RecordedDiagnostics;
  let options: ClientOptions;
  let attemptsAtMs: number[];
  let u: number;

  beforeEach(async () => {
    server = await startTestServer();
    work = watchRealWork();
    clock = createFakeClock({ settle: work.settle });
    diagnostics = recordDiagnostics();
    attemptsAtMs = [];
    u = 0.5;
    const origin = work.watchOrigin(httpOrigin({ apiKey: "key", baseUrl: server.url, clock }));
    const timed = {
      ...origin,
      fetchOnce: (...args: Parameters<typeof origin.fetchOnce>) => {
        attemptsAtMs.push(clock.monotonicMs());
        return origin.fetchOnce(...args);
      },
    };
    const source = work.watchSource(pollingSource(timed));
    options = { source, clock, diagnostics, random: () => u };
  });

  afterEach(() => server.close());

  it("lifecycle §7 fault 1: keeps trying during an outage at the start, more and more slowly, and recovers", async () => {
    server.respond(status(500));
    u = 1;
    const initializing = init(options);
    await clock.advance(4_999);
    const settled = initializing.then(() => clock.monotonicMs());
    await clock.advance(1);
    expect(await settled).toBe(5_000);
    const client = await initializing;
    expect(client.status).toMatchObject({
      state: "error",
      lastError: { code: "SORTITION_HTTP_STATUS", httpStatus: 500 },
    });
    expect(await client.waitForInitialization({ timeoutMs: 0 })).toMatchObject({
      ready: false,
      reason: "timeout",
      error: { code: "SORTITION_HTTP_STATUS" },
    });

    await clock.advance(240_000);
    expect(attemptsAtMs).toEqual([
      0, 500, 1_500, 3_500, 7_500, 15_500, 31_500, 63_500, 123_500, 183_500, 243_500,
    ]);
    server.respond(flagsAnswer("a"));
    await clock.advance(60_000);
    expect(client.status.state).toBe("ready");
    expect(diagnostics.messages("warn")).toContain("refresh recovered");
    await client.close();
  });

  it("lifecycle §7 fault 9: reports a refused key immediately, retries twice, then slowly, and recovers", async () => {
    server.respond(status(401));
    const client = createClient(options);
    const waiting = client.waitForInitialization();
    await clock.advance(0);
    expect(await waiting).toMatchObject({ ready: false, reason: "unauthorized", elapsedMs: 0 });
    expect(client.status.state).toBe("error");
    await clock.advance(284_999);
    expect(attemptsAtMs).toEqual([0, 7_500, 15_000]);
    await clock.advance(60_001);
    expect(attemptsAtMs).toEqual([0, 7_500, 15_000, 315_000]);
    expect(diagnostics.messages("error")).toEqual(["key rejected"]);
    server.respond(flagsAnswer("a"));
    await clock.advance(330_000);
    expect(client.status.state).toBe("ready");
    await client.close();
  });

  it.each([401, 403, 404, 302])(
    "lifecycle §7 fault 9: recovers within 9 s from a single %i, at the start and later",
    async (code) => {
      u = 1;
      const refusal = status(code, { location: "https://elsewhere.example/" });
      server.respond(refusal);
      const client = createClient(options);
      await clock.advance(0);
      expect(client.status.state).toBe("error");
      server.respond(flagsAnswer("a"));
      await clock.advance(9_000);
      expect(client.status.state).toBe("ready");

      server.respond(refusal);
      await clock.advance(INTERVAL_MS);
      expect(client.status).toMatchObject({ state: "ready", consecutiveFailures: 1 });
      server.respond(flagsAnswer("b"));
      await clock.advance(9_000);
      expect(client.status).toMatchObject({ state: "ready", consecutiveFailures: 0 });
      expect(client.getStringAssignment("flag-1", "alice", {}, "default")).toBe("b");
      await client.close();
    },
  );

  it("lifecycle §7 fault 10: keeps serving stale values while the key is refused for 3 h, and recovers on its own", async () => {
    server.respond(flagsAnswer("a"));
    const client = createClient(options);
    await clock.advance(0);
    expect(client.status.state).toBe("ready");
    server.respond(status(401));
    await clock.advance(94_999);
    expect(client.status.state).toBe("ready");
    await clock.advance(1);
    expect(client.status.state).toBe("stale");
    await clock.advance(3 * HOUR_MS);
    expect(client.getStringAssignment("flag-1", "alice", {}, "default")).toBe("a");
    // After the successful start: one attempt at 16.5 s, two within the interval, then one every 5
    // min.
    expect(attemptsAtMs.slice(0, 6)).toEqual([0, 16_500, 24_000, 31_500, 331_500, 631_500]);
    expect(attemptsAtMs).toHaveLength(4 + Math.floor((3 * HOUR_MS + 95_000 - 31_500) / 300_000));
    expect(diagnostics.messages("error")).toEqual(["key rejected"]);
    server.respond(flagsAnswer("b"));
    await clock.advance(330_000);
    expect(client.status).toMatchObject({ state: "ready", lastError: null });
    expect(client.getStringAssignment("flag-1", "alice", {}, "default")).toBe("b");
    await client.close();
  });

  it("lifecycle §7 fault 11: sends no more requests than usual during a 10 h outage, and recovers within 60 s", async () => {
    const client = createClient({ ...options, random: seededRandom(11) });
    server.respond(status(500));
    await clock.advance(10 * HOUR_MS);
    expect(attemptsAtMs.length).toBeLessThanOrEqual(1_400);
    expect(attemptsAtMs.length).toBeGreaterThan(1_000);
    server.respond(flagsAnswer("a"));
    await clock.advance(60_000);
    expect(client.status.state).toBe("ready");
    await client.close();
  });

  it.each<{ outage: string; reply: Reply; intervals: number }>([
    { outage: "500", reply: status(500), intervals: 3 },
    { outage: "garbage", reply: { kind: "answer", body: "<html>" }, intervals: 3 },
    { outage: "reset connections", reply: { kind: "reset" }, intervals: 3 },
    { outage: "401", reply: status(401), intervals: 12 },
  ])("recovers at most $intervals intervals after 300 intervals of $outage", async (row) => {
    const random = seededRandom(300);
    const client = createClient({ ...options, random: () => u * random() });
    u = 1;
    server.respond(flagsAnswer("old"));
    await clock.advance(0);
    server.respond(row.reply);
    await clock.advance(300 * INTERVAL_MS);
    expect(client.getStringAssignment("flag-1", "alice", {}, "default")).toBe("old");
    expect(client.status.state).toBe("stale");
    server.respond(flagsAnswer("new"));
    await clock.advance(row.intervals * INTERVAL_MS);
    expect(client.status).toMatchObject({ state: "ready", consecutiveFailures: 0 });
    expect(client.getStringAssignment("flag-1", "alice", {}, "default")).toBe("new");
    await client.close();
  });

  describe("lifecycle §7 fault 12: Retry-After", () => {
    const date = "Thu, 01 Jan 2026 12:00:00 GMT";
    const later = "Thu, 01 Jan 2026 12:02:00 GMT";

    it.each<{ headers: Readonly<Record<string, string>>; min: number; max: number; what: string }>([
      { what: "seconds", headers: { "retry-after": "120" }, min: 120_000, max: 125_000 },
      {
        what: "a date, while the local clock is wrong",
        headers: { date, "retry-after": later },
        min: 120_000,
        max: 125_000,
      },
      { what: "30 years", headers: { "retry-after": "1000000000" }, min: 600_000, max: 605_000 },
      { what: "not a number", headers: { "retry-after": "1e9" }, min: 100, max: 60_000 },
    ])("is respected: $what", async ({ headers, min, max }) => {
      // The local clock is one hour ahead of the date in the headers.
      clock.jump(Date.parse(date) + HOUR_MS - clock.now());
      server.respond(flagsAnswer("a"));
      const client = createClient(options);
      await clock.advance(0);
      for (u of [0, 0.5, 0.999]) {
        server.respond(status(503, headers));
        const refreshing = client.refresh();
        await clock.advance(0);
        expect(await refreshing).toMatchObject({ outcome: "failed" });
        const { nextAttemptInMs } = client.status;
        expect(nextAttemptInMs).toBeGreaterThanOrEqual(min);
        expect(nextAttemptInMs).toBeLessThanOrEqual(max);
        const attempts = attemptsAtMs.length;
        await clock.advance((nextAttemptInMs ?? 0) - 1);
        expect(attemptsAtMs).toHaveLength(attempts);
        server.respond(flagsAnswer("a"));
        await clock.advance(1);
        expect(attemptsAtMs).toHaveLength(attempts + 1);
      }
      await client.close();
    });

    it("of 60 s at the start ends init immediately", async () => {
      server.respond(status(503, { "retry-after": "60" }));
      const client = createClient(options);
      const waiting = client.waitForInitialization();
      await clock.advance(0);
      expect(await waiting).toMatchObject({ ready: false, reason: "rate-limited", elapsedMs: 0 });
      server.respond(flagsAnswer("a"));
      await clock.advance(65_000);
      expect(client.status.state).toBe("ready");
      await client.close();
    });
  });

  // A jump forward cannot be distinguished from a monotonic clock that stood still, as in a frozen
  // function.
  it.each([
    { what: "goes on", jumpMs: DAY_MS, ageMs: DAY_MS, state: "stale", isRemembered: false },
    { what: "is set back", jumpMs: -DAY_MS, ageMs: 0, state: "ready", isRemembered: true },
  ])(
    "lifecycle §7 fault 13: keeps polling, and uses the larger difference as its age, when the wall clock $what by a day",
    async ({ ageMs, isRemembered, jumpMs, state }) => {
      const events: (readonly [string, string])[] = [];
      server.respond(flagsAnswer("a"));
      const client = createClient({
        ...options,
        assignmentLogger: {
          logAssignment: ({ subject, timestamp }) => void events.push([subject, timestamp]),
        },
        deduplication: { assignments: { max: 10, ttlMs: 60_000 } },
      });
      const evaluate = (subject: string): string => {
        client.getStringAssignment("flag-1", subject, {}, "default");
        return new Date(clock.now()).toISOString();
      };
      await clock.advance(0);
      const first = evaluate("alice");
      clock.jump(jumpMs);
      expect(client.status).toMatchObject({ state, ageMs });
      // Within the spread of a later success: the interval plus jitter.
      expect(client.status.nextAttemptInMs).toBeGreaterThan(0);
      const second = evaluate("alice");
      evaluate("bob");
      await clock.advance(16_499);
      expect(attemptsAtMs).toEqual([0]);
      await clock.advance(1);
      expect(attemptsAtMs).toEqual([0, 16_500]);
      expect(client.status).toMatchObject({ state: "ready", ageMs: 0 });
      await clock.advance(60_000);
      const third = evaluate("alice");
      expect(events).toEqual([
        ["alice", first],
        ...(isRemembered ? [] : [["alice", second]]),
        ["bob", second],
        ["alice", third],
      ]);
      await client.close();
    },
  );

  it("lifecycle §7 fault 13: keeps staleness and deadlines unaffected, and uses wall time in events", async () => {
    const times: string[] = [];
    server.respond(status(500));
    const client = createClient({
      ...options,
      deduplication: false,
      assignmentLogger: { logAssignment: ({ timestamp }) => void times.push(timestamp) },
    });
    const waiting = client.waitForInitialization({ timeoutMs: 1_000 });
    await clock.advance(999);
    clock.jump(DAY_MS);
    let isSettled = false;
    void waiting.then(() => {
      isSettled = true;
    });
    await clock.advance(0);
    expect(isSettled).toBe(false);
    await clock.advance(1);
    expect(await waiting).toMatchObject({ ready: false, elapsedMs: 1_000 });

    server.respond(flagsAnswer("a"));
    await clock.advance(60_000);
    expect(client.status.state).toBe("ready");
    server.respond(status(401));
    const agedMs = client.status.ageMs ?? 0;
    clock.jump(-2 * DAY_MS);
    await clock.advance(95_000 - agedMs - 1);
    expect(client.status.state).toBe("ready");
    await clock.advance(1);
    expect(client.status.state).toBe("stale");
    client.getStringAssignment("flag-1", "alice", {}, "default");
    expect(times).toEqual([new Date(clock.now()).toISOString()]);
    await client.close();
  });

  it("lifecycle §7 fault 14: spreads the second polls of 100 clients that start together", async () => {
    server.respond(flagsAnswer("a"));
    const random = seededRandom(14);
    const pollsAtMs: number[][] = [];
    const clients = Array.from({ length: 100 }, () => {
      const ownPollsAtMs: number[] = [];
      pollsAtMs.push(ownPollsAtMs);
      const origin = work.watchOrigin(httpOrigin({ apiKey: "key", baseUrl: server.url, clock }));
      const timed = {
        ...origin,
        fetchOnce: (...args: Parameters<typeof origin.fetchOnce>) => {
          ownPollsAtMs.push(clock.monotonicMs());
          return origin.fetchOnce(...args);
        },
      };
      const source = work.watchSource(pollingSource(timed));
      return createClient({ clock, diagnostics, random, source });
    });
    await clock.advance(INTERVAL_MS);
    const perSecond = new Map<number, number>();
    for (const [first, second = Number.NaN] of pollsAtMs) {
      expect(first).toBe(0);
      expect(second).toBeGreaterThanOrEqual(3_000);
      expect(second).toBeLessThanOrEqual(30_000);
      const atSecond = Math.floor(second / 1_000);
      perSecond.set(atSecond, (perSecond.get(atSecond) ?? 0) + 1);
    }
    expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(12);
    await Promise.all(clients.map((client) => client.close()));
  });

  it("lifecycle §7 fault 16: compiles equal bytes without an etag once, and treats each response as a confirmation", async () => {
    server.respond(flagsAnswer("a"));
    let compiled = 0;
    const own = eppo();
    const dialect = {
      ...own,
      compileInSteps: (...args: Parameters<typeof own.compile>) => {
        compiled += 1;
        return own.compileInSteps!(...args); // defined, because the dialect has large payloads
      },
    };
    const origin = work.watchOrigin(
      httpOrigin({ apiKey: "key", baseUrl: server.url, dialect, clock }),
    );
    const source = work.watchSource(pollingSource(origin, { pollJitterMs: 0 }));
    const client: Client = createClient({ ...options, source });
    let changes = 0;
    client.on("configuration-changed", () => {
      changes += 1;
    });
    await clock.advance(16_500);
    for (let poll = 2; poll <= 10; poll++) {
      expect(client.status.ageMs).toBe(0);
      await clock.advance(30_000);
    }
    expect(server.requests.length).toBeGreaterThanOrEqual(10);
    expect(compiled).toBe(1);
    expect(changes).toBe(1);
    await client.close();
  });

  it("lifecycle §7 fault 15: never sends two requests at a time, and a refresh joins the running attempt", async () => {
    let answer = (): void => {};
    server.respond(async () => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return flagsAnswer("a");
    });
    // Time passes while the request is in flight.
    const moving = createFakeClock();
    const client = createClient({
      apiKey: "key",
      baseUrl: server.url,
      pollIntervalMs: 1_000,
      requestTimeoutMs: 600_000,
      clock: moving,
      diagnostics,
    });
    await server.request(1);
    await moving.advance(20_000);
    const refreshing = client.refresh({ timeoutMs: 60_000 });
    await moving.advance(20_000);
    expect(server.requests).toHaveLength(1);
    answer();
    expect(await refreshing).toMatchObject({ outcome: "updated" });
    expect(server.peakConcurrency).toBe(1);
    await client.close();
  });
});
