import { describe, expect, it } from "vitest";
import { type FleetAnswers, parseFleetStatus } from "./parse-status.js";

const NOW_MS = 1_800_000_000_000;

function answers(more: Partial<FleetAnswers> = {}): FleetAnswers {
  return {
    nowMs: NOW_MS,
    lease: { token: "web-1.7.0011223344", leaseMs: 9_000 },
    fence: new Map([
      ["n", "1799999999999"],
      ["owner", "web-1.7.0011223344"],
    ]),
    poll: poll({ at: -10_000, okAt: -10_050, due: 20_000 }),
    head: new Map([
      ["rev", "1799999990000"],
      ["sha", "ab".repeat(32)],
      ["dialect", "eppo"],
      ["by", "0.1.0"],
      ["parts", "flags,a%2Cb"],
      ["omitted", "cohort=cd"],
      ["size:flags", "50000"],
    ]),
    storedBytes: new Map([
      ["flags", 5_000],
      ["a%2Cb", 12],
    ]),
    replication: "role:master\r\nconnected_slaves:0\r\n",
    eviction: ["volatile-lru"],
    subscribers: 8,
    outbox: { length: 3, pending: 1, dead: 0 },
    outboxes: [],
    sources: [],
    ...more,
  };
}

function poll(
  times: { at: number; okAt?: number; due: number },
  more: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, string> {
  const ofTimes = Object.entries(times).map(([name, ms]) => [name, `${NOW_MS + ms}`] as const);
  return new Map([...ofTimes, ["outcome", "ok"], ...Object.entries(more)]);
}

function statusOf(more?: Partial<FleetAnswers>) {
  return parseFleetStatus("eppo-0011", "sortition", answers(more));
}

describe("parseFleetStatus", () => {
  it("returns the leader, the stored configuration, and when the next poll is due", () => {
    expect(statusOf()).toEqual({
      namespace: "eppo-0011",
      prefix: "sortition",
      health: "healthy",
      server: "primary",
      eviction: ["volatile-lru"],
      leader: { worker: "web-1.7", leaseMs: 9_000 },
      fence: { n: "1799999999999", worker: "web-1.7" },
      configuration: {
        revision: "1799999990000",
        sha: "ab".repeat(32),
        dialect: "eppo",
        publishedBy: "0.1.0",
        parts: [
          { name: "flags", sizeBytes: 50_000, storedBytes: 5_000 },
          { name: "a,b", sizeBytes: 12, storedBytes: 12 },
        ],
        omitted: ["cohort"],
      },
      poll: { okAgeMs: 10_050, dueInMs: 20_000, outcome: "ok", status: null, failures: 0 },
      subscribers: 8,
      outbox: { length: 3, pending: 1, dead: 0 },
      outboxes: [],
      sources: [],
    });
  });

  it("reports an empty fleet if nothing is stored", () => {
    const nothing = new Map<string, string>();
    expect(statusOf({ lease: null, fence: nothing, poll: nothing, head: nothing })).toMatchObject({
      health: "empty",
      leader: null,
      fence: null,
      configuration: null,
      poll: null,
    });
  });

  it.each([
    { at: -30_000, due: 0, health: "healthy", because: "it is due now" },
    { at: -55_000, due: -25_000, health: "healthy", because: "a change of leader takes a while" },
    { at: -61_000, due: -31_000, health: "overdue", because: "an interval has passed" },
    { at: -331_000, due: -31_000, health: "overdue", because: "half a minute has passed" },
    { at: -1_900, due: -900, health: "healthy", because: "the interval is one second" },
    {
      at: -2_100,
      due: -1_100,
      health: "overdue",
      because: "two intervals of a second have passed",
    },
  ])(
    "is $health if the last poll was at $at and the next is due at $due, because $because",
    ({ at, due, health }) => {
      expect(statusOf({ poll: poll({ at, okAt: at, due }) }).health).toBe(health);
    },
  );

  it.each([
    { fields: {}, lease: "held", health: "healthy", because: "its leader is about to poll" },
    { fields: {}, lease: "free", health: "overdue", because: "no worker polls" },
    { fields: { due: 3_000 }, lease: "held", health: "healthy", because: "its first poll is due" },
    {
      fields: { due: -31_000 },
      lease: "free",
      health: "overdue",
      because: "the worker with the first poll died",
    },
  ])(
    "is $health before the first poll has ended, because $because",
    ({ fields, health, lease }) => {
      const claimed = Object.entries(fields).map(([name, ms]) => [name, `${NOW_MS + ms}`] as const);
      const status = statusOf({ poll: new Map(claimed), ...(lease === "free" && { lease: null }) });
      expect(status).toMatchObject({ health, poll: null });
    },
  );

  it("returns the outcome of a failed poll", () => {
    const failed = poll(
      { at: -1_000, due: 60_000 },
      { outcome: "rate-limited", status: "429", failures: "2" },
    );
    expect(statusOf({ poll: failed }).poll).toEqual({
      okAgeMs: null,
      dueInMs: 60_000,
      outcome: "rate-limited",
      status: 429,
      failures: 2,
    });
  });

  it.each([
    { replication: null, server: null },
    { replication: "role:slave\r\nmaster_link_status:up\r\n", server: "replica" },
    { replication: "role:slave\r\nmaster_link_status:down\r\n", server: "cut-off-replica" },
  ])("returns the role of the server: $server", ({ replication, server }) => {
    expect(statusOf({ replication }).server).toBe(server);
  });
});
