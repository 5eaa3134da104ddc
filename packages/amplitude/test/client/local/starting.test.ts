import { inspect } from "node:util";
import * as vendorSdk from "@amplitude/experiment-node-server";
import {
  createFakeClock,
  type FakeClock,
  type RecordedRequest,
  type Reply,
  startTestServer,
  type TestServer,
} from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FlagConfig, LocalEvaluationConfig } from "../../../src/index.js";
import * as ourSdk from "../../../src/index.js";
import { cohortFlag } from "../../source/cohort-server.js";
import { flagOf } from "./flags.js";

/** The part of the SDK that a user's program uses. Only its import line differs. */
type Sdk = Pick<typeof ourSdk, "InMemoryFlagConfigCache" | "LocalEvaluationClient">;

const SIDES: readonly { readonly name: string; readonly sdk: Sdk }[] = [
  { name: "the vendor", sdk: vendorSdk as unknown as Sdk }, // the surface test compares the types
  { name: "ours", sdk: ourSdk },
];

const USER = { user_id: "alice" };
const FAILING: Reply = { kind: "answer", status: 500 };
const bodyOf = (...flags: readonly object[]): Reply => ({
  kind: "answer",
  body: JSON.stringify(flags),
});

function cohortOf(cohortId: string, member: string): Reply {
  const facts = { groupType: "User", groupTypeId: 0, lastComputed: 1, lastModified: 1, size: 1 };
  return {
    kind: "answer",
    body: JSON.stringify({ cohortId, ...facts, memberIds: [member] }),
  };
}

function gate<T>(): { readonly opened: Promise<T>; open(value: T): void } {
  let open = (_: T): void => {};
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { opened, open: (value) => open(value) };
}

let server: TestServer;
/** Replies to requests for flags, for cohorts by id, and for streams. */
let flags: (request: number) => Reply | Promise<Reply>;
const cohorts = new Map<string, (request: number) => Reply | Promise<Reply>>();
const clients: { stop(): void }[] = [];
const lines: string[] = [];

const to = (part: string): readonly RecordedRequest[] =>
  server.requests.filter(({ path }) => path.includes(part));

beforeEach(async () => {
  lines.length = 0;
  cohorts.clear();
  server = await startTestServer(({ path }) => {
    if (path === "/sdk/v2/flags") return flags(to("/flags").length);
    const id = path.split("/").at(-1) ?? "";
    return cohorts.get(id)?.(to(path).length) ?? { kind: "answer", status: 404 };
  });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.stop();
  await server.close();
});

const keyOf = (prefix: string): string => `${prefix}-${Math.random()}`;

function create(sdk: Sdk, config: LocalEvaluationConfig = {}) {
  const silent = { verbose() {}, debug() {}, info() {}, warn() {} };
  const client = new sdk.LocalEvaluationClient(keyOf("key"), {
    serverUrl: server.url,
    streamServerUrl: server.url,
    loggerProvider: {
      ...silent,
      error: (message?: string) => void lines.push(message ?? ""),
    },
    ...config,
  });
  clients.push(client);
  return client;
}

const cohortSyncConfig = (): NonNullable<LocalEvaluationConfig["cohortSyncConfig"]> => ({
  apiKey: "a",
  secretKey: "s",
  cohortServerUrl: server.url,
});

type LocalClient = ReturnType<typeof create>;
const keys = (client: LocalClient): readonly string[] =>
  Object.keys(client.evaluateV2({ ...USER })).sort();

describe("start of our client", () => {
  it("makes all its attempts, counting a running poll as the first", async () => {
    const poll = gate<Reply>();
    flags = (request) => (request === 6 ? poll.opened : FAILING);
    const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3));
    const clock = createFakeClock({ settle });
    const client = create(ourSdk, { clock });
    const starting = expect(client.start()).rejects.toThrow();
    while (to("/v2/flags").length < 5) await clock.advance(1);
    await starting;
    await clock.advance(30_000);
    expect(to("/v2/flags")).toHaveLength(6);
    const again = expect(Promise.all([client.start(), client.start()])).rejects.toThrow();
    poll.open(FAILING);
    while (to("/v2/flags").length < 10) await clock.advance(1);
    await again;
    await clock.advance(10_000);
    expect(to("/v2/flags")).toHaveLength(10);
  });
});

describe.each(SIDES)("start of $name", ({ sdk }) => {
  it.each([{}, { streamUpdates: true }])("retries after a failure, with %j", async (config) => {
    let isDown = true;
    flags = () => (isDown ? FAILING : bodyOf(flagOf("f")));
    const client = create(sdk, config);
    const outcomes: unknown[] = [];
    const start = (): Promise<unknown> =>
      client.start().then(
        () => outcomes.push(keys(client)),
        () => outcomes.push("rejected"),
      );
    await start();
    await start();
    isDown = false;
    await start();
    await start();
    expect(outcomes).toEqual(["rejected", "rejected", ["f"], ["f"]]);
    // Each failed start makes five attempts.
    expect(to("/v2/flags")).toHaveLength(11);
  });

  it("waits for a slow cohort, whose members are then used", async () => {
    flags = () => bodyOf(flagOf("plain"), cohortFlag("members", "slow"));
    const cohort = gate<Reply>();
    cohorts.set("slow", () => cohort.opened);
    // The vendor's client accepts no clock and has no deadline.
    const clock = createFakeClock();
    const client = create(sdk, { clock, cohortSyncConfig: cohortSyncConfig() });
    let hasStarted = false;
    const starting = client.start().then(() => {
      hasStarted = true;
    });
    await expect.poll(() => to("/cohort/")).toHaveLength(1);
    await clock.advance(6_000);
    expect(hasStarted).toBe(false);
    cohort.open(cohortOf("slow", "alice"));
    await starting;
    expect(keys(client)).toEqual(["members", "plain"]);
    expect(lines).toEqual([]);
  });

  it("resolves when a cohort has finally failed, which then has no members", async () => {
    flags = () => bodyOf(flagOf("plain"), cohortFlag("members", "down"));
    cohorts.set("down", () => FAILING);
    const client = create(sdk, { cohortSyncConfig: cohortSyncConfig() });
    await client.start();
    expect(lines).toEqual(["[Experiment] Cohort download failed down"]);
    expect(to("/cohort/")).toHaveLength(3);
    expect(keys(client)).toEqual(["plain"]);
  });

  it("does not treat a loading cohort as empty when flags change", async () => {
    const outsider = (key: string, cohort: string): FlagConfig => {
      const flag = cohortFlag(key, cohort) as { segments: { conditions: { op: string }[][] }[] };
      const condition = flag.segments[0]?.conditions[0]?.[0];
      if (condition !== undefined) condition.op = "set does not contain any";
      return flag as unknown as FlagConfig;
    };
    let current = bodyOf(flagOf("a"));
    flags = () => current;
    const cohort = gate<Reply>();
    cohorts.set("new", () => cohort.opened);
    const client = create(sdk, {
      cohortSyncConfig: cohortSyncConfig(),
      flagConfigPollingIntervalMillis: 30,
    });
    await client.start();
    // Alice is in the cohort.
    current = bodyOf(flagOf("a"), outsider("outsiders", "new"), cohortFlag("members", "new"));
    await expect.poll(() => to("/cohort/")).toHaveLength(1);
    const polls = to("/flags").length;
    await expect.poll(() => to("/flags").length).toBeGreaterThan(polls + 3);
    expect(keys(client)).toEqual(["a"]);
    cohort.open(cohortOf("new", "alice"));
    await expect.poll(() => keys(client)).toEqual(["a", "members"]);
    expect(lines).toEqual([]);
  });
});

describe("start", () => {
  const sdk = ourSdk;

  it("joins the running attempt, with a separate deadline", async () => {
    const answer = gate<Reply>();
    flags = () => answer.opened;
    const clock = createFakeClock();
    const client = create(sdk, { clock, startTimeoutMillis: 1_000 });
    const first = expect(client.start()).rejects.toMatchObject({ code: "SORTITION_TIMEOUT" });
    await server.request(1);
    await clock.advance(1_000);
    await first;
    const second = client.start();
    answer.open(bodyOf(flagOf("f")));
    await second;
    expect(keys(client)).toEqual(["f"]);
    expect(server.requests).toHaveLength(1);
  });

  it("joins a running poll", async () => {
    const answer = gate<Reply>();
    flags = (request) => (request <= 5 ? FAILING : answer.opened);
    const client = create(sdk, { flagConfigPollingIntervalMillis: 20 });
    await expect(client.start()).rejects.toMatchObject({ httpStatus: 500 });
    await expect.poll(() => server.requests.length).toBe(6);
    const starting = client.start();
    answer.open(bodyOf(flagOf("f")));
    await starting;
    expect(keys(client)).toEqual(["f"]);
  });

  it("makes one attempt for two concurrent calls, which settle alike", async () => {
    flags = () => FAILING;
    const client = create(sdk);
    const outcomes = await Promise.allSettled([client.start(), client.start()]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(server.requests).toHaveLength(5);
  });
});

describe("flags that have not changed", () => {
  const headers = { etag: '"1"' };
  const unchanged: Reply = { kind: "answer", status: 304, headers };

  it("are reused by a start after a stop, which sends their etag", async () => {
    flags = (request) => (request === 1 ? { ...bodyOf(flagOf("f")), headers } : unchanged);
    const client = create(ourSdk);
    await client.start();
    client.stop();
    await client.start();
    expect(server.requests.map((it) => it.headers["if-none-match"])).toEqual([undefined, '"1"']);
    expect(keys(client)).toEqual(["f"]);
    expect(inspect(client)).toMatch(/state: 'running',\s+flags: 1,\s+cohorts: 0,\s+ageMs: \d/);
  });

  it("replace written flags when they are received again, but not after a 304", async () => {
    flags = (request) => (request === 2 ? unchanged : { ...bodyOf(flagOf("f")), headers });
    const clock = createFakeClock();
    const client = create(ourSdk, { clock });
    await client.start();
    await client.cache.put("written", flagOf("written"));
    for (const expected of [["f", "written"], ["f"]]) {
      const polls = server.requests.length;
      await clock.advance(30_000);
      await server.request(polls + 1);
      await expect.poll(() => clock.pending.map(({ inMs }) => inMs)).toEqual([30_000]);
      expect(keys(client)).toEqual(expected);
    }
  });
});

describe("while a cohort is loading", () => {
  const CONFIG = { flagConfigPollingIntervalMillis: 20 };
  const dependent = (key: string, ...dependencies: readonly string[]): object => ({
    ...flagOf(key),
    dependencies,
  });

  it("flags that do not need it are served, even if they have other cohorts", async () => {
    flags = () =>
      bodyOf(
        flagOf("plain"),
        cohortFlag("of-quick", "quick"),
        cohortFlag("of-both", "quick", "slow"),
        dependent("on-plain", "plain"),
        dependent("on-both", "of-both"),
        dependent("on-on-both", "plain", "on-both"),
      );
    const cohort = gate<Reply>();
    cohorts.set("slow", () => cohort.opened);
    cohorts.set("quick", () => cohortOf("quick", "alice"));
    const store = new ourSdk.InMemoryFlagConfigCache();
    const client = new ourSdk.LocalEvaluationClient(
      keyOf("key"),
      { ...CONFIG, serverUrl: server.url, cohortSyncConfig: cohortSyncConfig(), logLevel: 0 },
      store,
    );
    clients.push(client);
    const starting = client.start();
    await expect.poll(() => keys(client)).toEqual(["of-quick", "on-plain", "plain"]);
    expect(client.evaluateV2({ ...USER }, ["on-both"])).toEqual({});
    // An incomplete set is not written to the store.
    expect(store.getAllCached()).toEqual({});
    cohort.open(cohortOf("slow", "bob"));
    await starting;
    const all = ["of-both", "of-quick", "on-both", "on-on-both", "on-plain", "plain"];
    expect(keys(client)).toEqual(all);
    await expect.poll(() => Object.keys(store.getAllCached()).sort()).toEqual(all);
  });

  it("changed flags that need it stay as they were, and all others change", async () => {
    let current = bodyOf(
      flagOf("plain", "v1"),
      flagOf("joins", "v1"),
      dependent("on-joins", "joins"),
    );
    flags = () => current;
    const cohort = gate<Reply>();
    cohorts.set("new", () => cohort.opened);
    const client = create(ourSdk, { ...CONFIG, cohortSyncConfig: cohortSyncConfig() });
    await client.start();
    const joins = { ...cohortFlag("joins", "new"), metadata: { version: 2 } };
    current = bodyOf(flagOf("plain", "v2"), joins, cohortFlag("added", "new"));
    const values = (): unknown => {
      const variants = client.evaluateV2({ ...USER });
      return Object.fromEntries(Object.entries(variants).map(([key, { value }]) => [key, value]));
    };
    await expect.poll(values).toEqual({ plain: "v2", joins: "v1" });
    // A later update does not wait either.
    current = bodyOf(flagOf("plain", "v3"), joins, cohortFlag("added", "new"));
    await expect.poll(values).toEqual({ plain: "v3", joins: "v1" });
    expect(to("/cohort/")).toHaveLength(1);
    cohort.open(cohortOf("new", "alice"));
    await expect.poll(values).toEqual({ plain: "v3", joins: "on", added: "on" });
    expect(lines).toEqual([]);
  });

  it("a flag that needs it is not reported as a mistake", async () => {
    flags = () => bodyOf(flagOf("plain"), cohortFlag("members", "slow"));
    const cohort = gate<Reply>();
    cohorts.set("slow", () => cohort.opened);
    const warnings: string[] = [];
    const silent = { verbose() {}, debug() {}, info() {}, error() {} };
    const client = create(ourSdk, {
      cohortSyncConfig: cohortSyncConfig(),
      loggerProvider: { ...silent, warn: (message?: string) => void warnings.push(message ?? "") },
    });
    const starting = client.start();
    await expect.poll(() => keys(client)).toEqual(["plain"]);
    expect(client.evaluateV2({ ...USER }, ["members"])).toEqual({});
    expect(warnings).toEqual([]);
    cohort.open(cohortOf("slow", "alice"));
    await starting;
    expect(client.evaluateV2({ ...USER }, ["members"])).toHaveProperty("members");
    expect(warnings).toEqual([]);
  });

  describe("that never arrives", () => {
    let clock: FakeClock;
    beforeEach(() => {
      clock = createFakeClock();
    });

    it("start waits for three requests of 20 s", async () => {
      flags = () => bodyOf(flagOf("plain"), cohortFlag("members", "slow"));
      cohorts.set("slow", () => ({ kind: "hang" }));
      const client = create(ourSdk, { clock, cohortSyncConfig: cohortSyncConfig() });
      let hasStarted = false;
      const starting = client.start().then(() => {
        hasStarted = true;
      });
      for (let request = 1; request <= 3; request++) {
        await expect.poll(() => to("/cohort/").length).toBe(request);
        expect([hasStarted, keys(client), lines]).toEqual([false, ["plain"], []]);
        await clock.advance(20_000);
        await clock.advance(100);
      }
      await starting;
      expect(keys(client)).toEqual(["plain"]);
      expect(lines).toContain("[Experiment] Cohort download failed slow");
    });

    it("polling continues, and a stop ends the download", async () => {
      let version = 0;
      flags = () => bodyOf(flagOf("plain", `v${version}`), cohortFlag("members", "slow"));
      cohorts.set("slow", () => ({ kind: "hang" }));
      const client = create(ourSdk, { ...CONFIG, cohortSyncConfig: cohortSyncConfig() });
      const starting = client.start();
      await expect.poll(() => to("/cohort/")).toHaveLength(1);
      version = 1;
      await expect
        .poll(() => client.evaluateV2({ ...USER })["plain"])
        .toMatchObject({ value: "v1" });
      const [download] = to("/cohort/");
      client.stop();
      await starting;
      await download?.connectionClosed;
      expect(to("/cohort/")).toHaveLength(1);
    });
  });
});
