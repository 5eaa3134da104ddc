import {
  createFakeClock,
  type FakeClock,
  ifWhole,
  isWhole,
  type Reply,
  seededRandom,
  startTestServer,
  type TestServer,
} from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient } from "../src/client/create-client.js";
import type { ClientOptions } from "../src/client/options.js";
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

  const outages: readonly { outage: string; reply: Reply; intervals: number }[] = [
    { outage: "500", reply: status(500), intervals: 3 },
    { outage: "garbage", reply: { kind: "answer", body: "<html>" }, intervals: 3 },
    { outage: "reset connections", reply: { kind: "reset" }, intervals: 3 },
    { outage: "401", reply: status(401), intervals: 12 },
  ];
  it.each(outages.filter((_, i) => isWhole || i % 3 === 0))(
    "recovers at most $intervals intervals after 300 intervals of $outage",
    async (row) => {
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
    },
  );

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

  ifWhole(it)(
    "lifecycle §7 fault 14: spreads the second polls of 100 clients that start together",
    async () => {
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
    },
  );
});
