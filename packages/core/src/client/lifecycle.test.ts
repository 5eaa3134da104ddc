import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import type { Failure, FailureClass } from "../configuration/origin.js";
import type {
  ConfigurationSource,
  RefreshOutcome,
  SourceContext,
  SourceSink,
} from "../configuration/source.js";
import { staticSource } from "../configuration/static-source.js";
import { Configuration } from "../configuration.js";
import { createClient } from "../create-client.js";
import { eppo } from "../eppo/dialect.js";
import { HttpStatusError, NetworkError } from "../errors/errors.js";
import { encodeUtf8 } from "../hash/utf8.js";
import type { Payload, PayloadOrigin, PayloadSet } from "../model/configuration.js";
import type { Facts } from "../runtime/diagnostics.js";
import type { Client } from "./client.js";
import type { ClientEvents } from "./listeners.js";
import type { ClientOptions } from "./options.js";

const INTERVAL_MS = 30_000;
const STALE_MS = 95_000;
const dialect = eppo();

function bodyOf(...keys: string[]): string {
  const flag = { enabled: true, variationType: "STRING", variations: {}, allocations: [] };
  return JSON.stringify({ flags: Object.fromEntries(keys.map((key) => [key, { key, ...flag }])) });
}

function payloadsOf(body: string, from: PayloadOrigin = "network"): PayloadSet {
  const payload: Payload = {
    part: "flags",
    bytes: encodeUtf8(body),
    etag: '"e"',
    fetchedAtMs: 0,
    from,
  };
  return [payload];
}

function configurationOf(...keys: string[]): Configuration {
  return Configuration.from({ dialect, payloads: { flags: bodyOf(...keys) } });
}

function failureOf(kind: FailureClass, retryAfterMs: number | null = null): Failure {
  const status = { transient: 500, unauthorized: 401, rejected: 404 }[kind];
  return { kind, error: new HttpStatusError(status, retryAfterMs), retryAfterMs };
}

/** A source that does what the test tells it to. */
class ScriptedSource implements ConfigurationSource {
  readonly kind: string = "polling";
  readonly intervalMs: number | null;
  readonly requestTimeoutMs: number | undefined;
  readonly dialect = dialect;
  readonly calls: string[] = [];
  sink!: SourceSink;
  context!: SourceContext;
  refreshing: (signal: { readonly aborted: boolean }) => Promise<RefreshOutcome> = async () => ({
    outcome: "unchanged",
  });
  ending: () => Promise<void> = async () => {};

  constructor(intervalMs: number | null = INTERVAL_MS, requestTimeoutMs?: number) {
    this.intervalMs = intervalMs;
    this.requestTimeoutMs = requestTimeoutMs;
  }

  subscribe(sink: SourceSink, context: SourceContext) {
    this.calls.push("subscribe");
    if (this.intervalMs === null) sink.idle();
    this.sink = sink;
    this.context = context;
    return {
      end: () => {
        this.calls.push("end");
        return this.ending();
      },
    };
  }

  refresh({ signal }: { readonly signal: { readonly aborted: boolean } }) {
    return this.refreshing(signal);
  }

  offer(...keys: string[]) {
    return this.sink.offer(payloadsOf(bodyOf(...keys)));
  }

  offerFromDisk(body: string) {
    return this.sink.offer(payloadsOf(body, "disk"));
  }
}

const EVENTS: readonly (keyof ClientEvents)[] = [
  "ready",
  "configuration-changed",
  "stale",
  "fresh",
  "error",
  "closed",
];

function record(client: Client<object>): string[] {
  const events: string[] = [];
  for (const name of EVENTS) client.on(name, () => events.push(name));
  return events;
}

function setUp(options: ClientOptions & { readonly intervalMs?: number | null } = {}) {
  const { intervalMs, ...clientOptions } = options;
  const clock = createFakeClock();
  const source = new ScriptedSource(intervalMs);
  const reports: { level: string; message: string; facts: Facts | undefined }[] = [];
  const note = (level: string) => (message: string, facts?: Facts) => {
    reports.push({ level, message, facts });
  };
  const client: Client<object> = createClient({
    source,
    clock,
    assignmentLogger: null,
    diagnostics: {
      debug: note("debug"),
      info: note("info"),
      warn: note("warn"),
      error: note("error"),
    },
    ...clientOptions,
  });
  return { client, clock, source, reports, events: record(client) };
}

/** What was reported at this level. */
function messagesOf({ reports }: ReturnType<typeof setUp>, level: string): string[] {
  return reports.filter((it) => it.level === level).map((it) => it.message);
}

describe("the state", () => {
  it("begins with initializing", () => {
    expect(setUp().client.status.state).toBe("initializing");
  });

  it("is ready once something was applied", async () => {
    const { client, source, events } = setUp();
    await source.offer("a");
    expect([client.status.state, ...events]).toEqual(["ready", "configuration-changed", "ready"]);
  });

  it("is ready once something was set by hand", () => {
    const { client, events } = setUp();
    client.setConfiguration(configurationOf("a"));
    expect([client.status.state, client.status.source, ...events]).toEqual([
      "ready",
      "manual",
      "configuration-changed",
      "ready",
    ]);
  });

  it("is ready from the start with an initial configuration", () => {
    const { client } = setUp({ initialConfiguration: configurationOf("a") });
    expect([client.status.state, client.status.source]).toEqual(["ready", "initial"]);
  });

  it.each(["unauthorized", "rejected"] as const)("is error when it failed as %s", (kind) => {
    const { client, source, events } = setUp();
    source.sink.failed(failureOf(kind), { inMs: 300_000 });
    expect([client.status.state, ...events]).toEqual(["error", "error"]);
  });

  it("is error when the server wants to be left alone for longer than anybody waits", async () => {
    const set = setUp();
    set.source.sink.failed(failureOf("transient", 60_000), { inMs: 60_000 });
    expect(set.client.status.state).toBe("error");
    await set.clock.advance(5_000);
    expect(messagesOf(set, "error")).toEqual(["not ready"]);
    await set.source.offer("a");
    expect(set.client.status.state).toBe("ready");
  });

  it("stays initializing when an attempt failed that is repeated", () => {
    const { client, source } = setUp();
    source.sink.failed(failureOf("transient"), { inMs: 500 });
    expect(client.status.state).toBe("initializing");
  });

  it("is error when the wait for the first configuration ends", async () => {
    const { client, clock, events } = setUp();
    await clock.advance(4_999);
    const before = client.status.state;
    await clock.advance(1);
    expect([before, client.status.state, ...events]).toEqual(["initializing", "error", "error"]);
  });

  it("is ready after an error", async () => {
    const { client, clock, source, events } = setUp();
    await clock.advance(5_000);
    await source.offer("a");
    expect([client.status.state, ...events]).toEqual([
      "ready",
      "error",
      "configuration-changed",
      "ready",
    ]);
  });

  it("is stale when nothing was heard for staleAfterMs", async () => {
    const { client, clock, source, events } = setUp();
    await source.offer("a");
    await clock.advance(STALE_MS - 1);
    const before = client.status.state;
    await clock.advance(1);
    expect([before, client.status.state]).toEqual(["ready", "stale"]);
    expect(events.slice(2)).toEqual(["stale"]);
  });

  it("is ready again once it is confirmed", async () => {
    const { client, clock, source, events } = setUp();
    await source.offer("a");
    await clock.advance(STALE_MS);
    source.sink.confirmed();
    expect([client.status.state, ...events.slice(2)]).toEqual(["ready", "stale", "fresh"]);
  });

  it("tells first of the change, then that it is fresh", async () => {
    const { clock, source, events } = setUp();
    await source.offer("a");
    await clock.advance(STALE_MS);
    await source.offer("b");
    expect(events.slice(2)).toEqual(["stale", "configuration-changed", "fresh"]);
  });

  it("is ready again after equal bytes, which change nothing", async () => {
    const { client, clock, source, events } = setUp();
    await source.offer("a");
    await clock.advance(STALE_MS);
    expect(await source.offer("a")).toEqual({ outcome: "unchanged" });
    expect([client.status.ageMs, ...events.slice(2)]).toEqual([0, "stale", "fresh"]);
  });

  it("stays ready when an attempt fails", async () => {
    const { client, source, events } = setUp();
    await source.offer("a");
    source.sink.failed(failureOf("unauthorized"), { inMs: 300_000 });
    expect([client.status.state, ...events.slice(2)]).toEqual(["ready", "error"]);
  });

  it("is closed at once, which is told when the close has settled", async () => {
    const { client, events } = setUp();
    const closed = client.close();
    expect([client.status.state, ...events]).toEqual(["closed"]);
    await closed;
    expect(events).toEqual(["closed"]);
  });

  it.each([
    { options: { staleAfterMs: null }, because: "it is switched off" },
    { options: { intervalMs: null }, because: "nothing refreshes by itself" },
  ])("is never stale, because $because", async ({ options }) => {
    const { client, clock } = setUp(options);
    client.setConfiguration(configurationOf("a"));
    await clock.advance(1e9);
    expect(client.status.state).toBe("ready");
  });

  it("does not move when the wall clock jumps", async () => {
    const { client, clock, source } = setUp();
    await source.offer("a");
    clock.jump(86_400_000);
    expect([client.status.state, client.status.ageMs]).toEqual(["ready", 0]);
  });

  it("is not called stale by a timer that fires early", async () => {
    let fire = (): void => {};
    const early = createFakeClock();
    const { client, source, events } = setUp({
      clock: {
        monotonicMs: () => early.monotonicMs(),
        setTimer: (callback) => {
          fire = callback;
          return () => {};
        },
      },
    });
    await source.offer("a");
    fire();
    expect([client.status.state, ...events]).toEqual(["ready", "configuration-changed", "ready"]);
  });
});

describe("a copy from disk", () => {
  const published = (at: string, key = "disk"): string =>
    bodyOf(key).replace("{", `{"createdAt":"${at}",`);
  const initialOf = (body: string): Configuration =>
    Configuration.from({ flagsConfiguration: body });

  it("is served as stale, and has no age", async () => {
    const { client, source, events } = setUp();
    expect(await source.offerFromDisk(bodyOf("a"))).toEqual({ outcome: "applied" });
    expect(client.status).toMatchObject({
      state: "stale",
      source: "disk",
      ageMs: null,
      lastSuccessAt: null,
    });
    expect(events).toEqual(["configuration-changed", "ready", "stale"]);
  });

  it("is stale also where nothing grows old", async () => {
    const { client, source } = setUp({ staleAfterMs: null });
    await source.offerFromDisk(bodyOf("a"));
    expect(client.status.state).toBe("stale");
  });

  it("is ready once it is confirmed, and remains the copy from disk", async () => {
    const { client, source, events } = setUp();
    await source.offerFromDisk(bodyOf("a"));
    source.sink.confirmed();
    expect(client.status).toMatchObject({ state: "ready", source: "disk", ageMs: 0 });
    expect(events.slice(3)).toEqual(["fresh"]);
  });

  it("is replaced by what comes, also if that was published earlier", async () => {
    const { client, source, events } = setUp();
    await source.offerFromDisk(published("2026-02-01T00:00:00Z"));
    await source.sink.offer(payloadsOf(published("2026-01-01T00:00:00Z", "network")));
    expect(client.status).toMatchObject({ state: "ready", source: "network" });
    expect(events.slice(3)).toEqual(["configuration-changed", "fresh"]);
  });

  it.each([
    { initial: "2026-01-01T00:00:00Z", disk: "2026-01-02T00:00:00Z", served: "disk" },
    { initial: "2026-01-02T00:00:00Z", disk: "2026-01-01T00:00:00Z", served: "initial" },
    { initial: "2026-01-01T00:00:00Z", disk: "2026-01-01T00:00:00Z", served: "initial" },
    { initial: "", disk: "2026-01-01T00:00:00Z", served: "initial" },
    { initial: "2026-01-01T00:00:00Z", disk: "", served: "initial" },
  ])("of $disk beside an initial one of $initial: $served is served", async (row) => {
    const { client, source } = setUp({
      initialConfiguration: initialOf(published(row.initial, "initial")),
    });
    const { outcome } = await source.offerFromDisk(published(row.disk));
    expect([outcome, client.status.source, client.status.state]).toEqual(
      row.served === "disk" ? ["applied", "disk", "stale"] : ["unchanged", "initial", "ready"],
    );
  });

  it("of one part beside a fresh one makes an update like any other", async () => {
    const { client, source } = setUp();
    await source.offerFromDisk(bodyOf("a"));
    const [flags] = payloadsOf(bodyOf("a"), "disk");
    const [bandits] = payloadsOf('{"bandits":{}}');
    await source.sink.offer([flags!, { ...bandits!, part: "bandits" }]);
    expect(client.status).toMatchObject({ state: "ready", source: "network", ageMs: 0 });
  });

  it("does not confirm what it equals", async () => {
    const { client, clock, source } = setUp({ initialConfiguration: initialOf(bodyOf("a")) });
    await clock.advance(STALE_MS);
    await source.offerFromDisk(bodyOf("a"));
    expect(client.status).toMatchObject({ state: "stale", source: "initial", ageMs: STALE_MS });
  });

  it("takes no place of what was set by hand, not even while it is loaded", async () => {
    const { client, source } = setUp();
    const offered = source.offerFromDisk(bodyOf("a"));
    client.setConfiguration(configurationOf("b"));
    await offered;
    expect(client.status).toMatchObject({ state: "ready", source: "manual" });
  });

  it("is not stale any more when a listener sets something better", async () => {
    const { client, source, events } = setUp();
    client.on("ready", () => client.setConfiguration(configurationOf("b")));
    await source.offerFromDisk(bodyOf("a"));
    expect(client.status).toMatchObject({ state: "ready", source: "manual" });
    expect(events).not.toContain("stale");
  });

  describe("and a wait for the first configuration", () => {
    it("ends with the first attempt, well", async () => {
      const { client, source, clock } = setUp();
      const waiting = client.waitForInitialization();
      await source.offerFromDisk(bodyOf("a"));
      await clock.advance(100);
      await source.offer("b");
      expect(await waiting).toMatchObject({ ready: true, source: "network", elapsedMs: 100 });
    });

    it.each(["transient", "unauthorized"] as const)(
      "ends with the first attempt, %s, ready all the same",
      async (kind) => {
        const { client, source, clock } = setUp();
        const waiting = client.waitForInitialization();
        await source.offerFromDisk(bodyOf("a"));
        await clock.advance(100);
        source.sink.failed(failureOf(kind), { inMs: 500 });
        expect(await waiting).toMatchObject({
          ready: true,
          state: "stale",
          source: "disk",
          elapsedMs: 100,
        });
        expect(await client.waitForInitialization()).toMatchObject({ ready: true, source: "disk" });
      },
    );

    it("ends at its deadline, ready all the same", async () => {
      const { client, source, clock } = setUp();
      const waiting = client.waitForInitialization();
      await source.offerFromDisk(bodyOf("a"));
      await clock.advance(5_000);
      expect(await waiting).toMatchObject({ ready: true, source: "disk", elapsedMs: 5_000 });
    });

    it("ends at once if nothing else comes by itself", async () => {
      const { client, source } = setUp();
      const waiting = client.waitForInitialization();
      await source.offerFromDisk(bodyOf("a"));
      source.sink.idle();
      expect(await waiting).toMatchObject({ ready: true, source: "disk", elapsedMs: 0 });
    });
  });
});

describe("an error", () => {
  it("is told once per cause until a success", async () => {
    const { source, events } = setUp();
    await source.offer("a");
    for (const _ of [1, 2, 3]) source.sink.failed(failureOf("transient"), { inMs: 1 });
    source.sink.confirmed();
    source.sink.failed(failureOf("transient"), { inMs: 1 });
    expect(events.slice(2)).toEqual(["error", "error"]);
  });

  it("of another cause is told, too", async () => {
    const { source, events } = setUp();
    await source.offer("a");
    const error = new NetworkError("refused", null);
    source.sink.failed(failureOf("transient"), { inMs: 1 });
    source.sink.failed({ kind: "transient", error, retryAfterMs: null }, { inMs: 1 });
    expect(events.slice(2)).toEqual(["error", "error"]);
  });

  it("stands in the status until a success", async () => {
    const { client, clock, source } = setUp();
    source.sink.failed(failureOf("transient"), { inMs: 500 });
    expect(client.status).toMatchObject({
      lastError: {
        code: "SORTITION_HTTP_STATUS",
        httpStatus: 500,
        message: "the server answered with status 500",
        at: new Date(clock.now()).toISOString(),
      },
      consecutiveFailures: 1,
      nextAttemptInMs: 500,
    });
    await source.offer("a");
    expect(client.status).toMatchObject({ lastError: null, consecutiveFailures: 0 });
  });

  it("that ends is reported with the length of the outage", async () => {
    const set = setUp();
    set.source.sink.failed(failureOf("transient"), { inMs: 500 });
    await set.clock.advance(700);
    set.source.sink.failed(failureOf("transient"), { inMs: 500 });
    await set.clock.advance(300);
    await set.source.offer("a");
    const recovered = set.reports.find(({ message }) => message === "refresh recovered");
    expect(recovered?.facts).toEqual({ failures: 2, outageMs: 1_000 });
  });

  it.each([
    { kind: "transient" as const, level: "warn", message: "refresh failed" },
    { kind: "rejected" as const, level: "error", message: "refresh failed" },
    { kind: "unauthorized" as const, level: "error", message: "key rejected" },
  ])("that is $kind is reported as $message", ({ kind, level, message }) => {
    const set = setUp();
    set.source.sink.failed(failureOf(kind), { inMs: 500 });
    expect(messagesOf(set, level)).toEqual([message]);
  });

  it.each(["unauthorized", "rejected"] as const)(
    "that is %s is reported once, later ones are only counted",
    async (kind) => {
      const set = setUp();
      set.source.sink.failed(failureOf(kind), { inMs: 300_000 });
      await set.clock.advance(3_600_000);
      set.source.sink.failed(failureOf(kind), { inMs: 300_000 });
      expect(messagesOf(set, "error")).toHaveLength(1);
      expect(set.client.status.consecutiveFailures).toBe(2);
    },
  );

  it("is not reported twice when the key is rejected and the wait ends", async () => {
    const set = setUp();
    set.source.sink.failed(failureOf("unauthorized"), { inMs: 300_000 });
    await set.clock.advance(5_000);
    expect(messagesOf(set, "error")).toEqual(["key rejected"]);
  });

  it("at the end of the wait is the last failure", async () => {
    const set = setUp();
    set.source.sink.failed(failureOf("transient"), { inMs: 10_000 });
    await set.clock.advance(5_000);
    expect(set.reports.at(-1)).toEqual({
      level: "error",
      message: "not ready",
      facts: {
        code: "SORTITION_HTTP_STATUS",
        reason: "the server answered with status 500",
        httpStatus: 500,
      },
    });
  });
});

describe("an offer", () => {
  it("that is unusable leaves what is served", async () => {
    const { client, source } = setUp();
    await source.offer("a");
    const offered = await source.sink.offer(payloadsOf("<html>"));
    expect(offered).toMatchObject({ outcome: "rejected", error: { code: "SORTITION_DECODE" } });
    expect([...client.getFlagKeys()]).toEqual(["a"]);
  });

  it("tells which flags changed", async () => {
    const { client, source } = setUp();
    const changes: unknown[] = [];
    await source.offer("a", "b");
    client.on("configuration-changed", ({ flagsChanged }) => changes.push(flagsChanged));
    await source.sink.offer(
      payloadsOf(bodyOf("b", "c").replace('"key":"b","enabled":true', '"key":"b","enabled":false')),
    );
    expect(changes).toEqual([{ added: ["c"], changed: ["b"], removed: ["a"] }]);
  });

  it("of no flags after some is reported", async () => {
    const set = setUp();
    await set.source.offer("a");
    await set.source.offer();
    expect(messagesOf(set, "warn")).toEqual(["configuration became empty"]);
  });

  it("of no flags at first is not", async () => {
    const set = setUp();
    await set.source.offer();
    expect(messagesOf(set, "warn")).toEqual([]);
  });

  it("swaps nothing before it is applied", async () => {
    const { client, source } = setUp();
    const prepared = await source.sink.prepare(payloadsOf(bodyOf("a")));
    const before = client.isInitialized();
    if (prepared.outcome === "changed") prepared.apply();
    expect([before, client.isInitialized()]).toEqual([false, true]);
  });

  it("after close is refused", async () => {
    const { client, source } = setUp();
    await client.close();
    expect(await source.offer("a")).toMatchObject({
      outcome: "rejected",
      error: { code: "SORTITION_CLOSED" },
    });
    expect(client.getConfiguration()).toBeNull();
  });

  it("that is loading when the client is closed is refused", async () => {
    const { client, source } = setUp();
    const offered = source.offer("a");
    void client.close();
    expect(await offered).toMatchObject({ outcome: "rejected" });
    expect(client.getConfiguration()).toBeNull();
  });

  it("that was prepared before close cannot be applied after it", async () => {
    const { client, source } = setUp();
    const prepared = await source.sink.prepare(payloadsOf(bodyOf("a")));
    await client.close();
    if (prepared.outcome === "changed") prepared.apply();
    expect(client.getConfiguration()).toBeNull();
  });

  it("of what was served a moment ago replaces what was set by hand since", async () => {
    const { client, source } = setUp();
    await source.offer("a");
    const offered = source.offer("a");
    client.setConfiguration(configurationOf("manual"));
    expect(await offered).toEqual({ outcome: "applied" });
    expect([...client.getFlagKeys()]).toEqual(["a"]);
  });
});

describe("what a source is told", () => {
  it("is nothing at first", () => {
    expect(setUp().source.context.current()).toBeNull();
  });

  it("is what is served, with its etags", async () => {
    const { source } = setUp();
    await source.offer("a");
    expect(source.context.current()?.[0]?.etag).toBe('"e"');
  });

  it("is the initial configuration", () => {
    const initialConfiguration = configurationOf("a");
    const { source } = setUp({ initialConfiguration });
    expect(source.context.current()).toBe(initialConfiguration.payloads);
  });

  it("is nothing after something was set by hand", async () => {
    const { client, source } = setUp();
    await source.offer("a");
    client.setConfiguration(configurationOf("b"));
    expect(source.context.current()).toBeNull();
  });

  it("is the next thing it brings", async () => {
    const { client, source } = setUp();
    client.setConfiguration(configurationOf("b"));
    await source.offer("a");
    expect(source.context.current()).not.toBeNull();
  });
});

describe("waitForInitialization", () => {
  it("is ready at once with an initial configuration", async () => {
    const { client } = setUp({ initialConfiguration: configurationOf("a") });
    expect(await client.waitForInitialization()).toEqual({
      ready: true,
      state: "ready",
      source: "initial",
      revision: client.status.revision,
      elapsedMs: 0,
    });
  });

  it("is ready with the first configuration", async () => {
    const { client, clock, source } = setUp();
    const waiting = client.waitForInitialization();
    await clock.advance(300);
    await source.offer("a");
    expect(await waiting).toMatchObject({ ready: true, source: "network", elapsedMs: 300 });
  });

  it.each(["unauthorized", "rejected"] as const)("ends early when it is %s", async (kind) => {
    const { client, source } = setUp();
    const waiting = client.waitForInitialization();
    const failure = failureOf(kind);
    source.sink.failed(failure, { inMs: 300_000 });
    expect(await waiting).toEqual({
      ready: false,
      reason: kind,
      error: failure.error,
      elapsedMs: 0,
    });
  });

  it("ends early when the server asks to come again after the deadline", async () => {
    const { client, source } = setUp();
    const waiting = client.waitForInitialization();
    source.sink.failed(failureOf("transient", 60_000), { inMs: 60_000 });
    expect(await waiting).toMatchObject({ ready: false, reason: "rate-limited" });
  });

  it("goes on when the server asks to come again before the deadline", async () => {
    const { client, clock, source } = setUp();
    const waiting = client.waitForInitialization();
    source.sink.failed(failureOf("transient", 1_000), { inMs: 1_000 });
    await clock.advance(1_000);
    await source.offer("a");
    expect(await waiting).toMatchObject({ ready: true });
  });

  it("ends at its deadline with the last failure", async () => {
    const { client, clock, source } = setUp();
    const waiting = client.waitForInitialization({ timeoutMs: 200 });
    source.sink.failed(failureOf("transient"), { inMs: 500 });
    await clock.advance(200);
    expect(await waiting).toMatchObject({
      ready: false,
      reason: "timeout",
      error: { code: "SORTITION_HTTP_STATUS" },
      elapsedMs: 200,
    });
  });

  it("ends at its deadline with a time-out if nothing failed", async () => {
    const { client, clock } = setUp();
    const waiting = client.waitForInitialization();
    await clock.advance(5_000);
    expect(await waiting).toMatchObject({
      reason: "timeout",
      error: { code: "SORTITION_TIMEOUT", phase: "ready", timeoutMs: 5_000 },
    });
  });

  it("does not wait at all if the deadline is now", async () => {
    const { client, clock } = setUp();
    const result = await client.waitForInitialization({ timeoutMs: 0 });
    expect(result).toMatchObject({ ready: false, reason: "timeout" });
    expect(clock.pending.filter((it) => it.holdsProcess)).toEqual([]);
  });

  it.each([
    { options: { source: undefined }, because: "there is no source" },
    { options: { intervalMs: null }, because: "the source fetches only when it is asked to" },
  ])("ends at once, because $because", async ({ options }) => {
    const { client } = setUp(options);
    expect(await client.waitForInitialization()).toEqual({
      ready: false,
      reason: "no-source",
      error: null,
      elapsedMs: 0,
    });
  });

  it("ends when something is set by hand", async () => {
    const { client } = setUp();
    const waiting = client.waitForInitialization();
    client.setConfiguration(configurationOf("a"));
    expect(await waiting).toMatchObject({ ready: true, source: "manual" });
  });

  it("ends when its signal is aborted", async () => {
    const { client, clock } = setUp();
    const controller = new AbortController();
    const waiting = client.waitForInitialization({ signal: controller.signal });
    controller.abort();
    expect(await waiting).toMatchObject({ ready: false, reason: "aborted", error: null });
    expect(clock.pending.filter((it) => it.holdsProcess)).toEqual([]);
  });

  it("ends at once if its signal is aborted already", async () => {
    const { client } = setUp();
    const waiting = client.waitForInitialization({ signal: AbortSignal.abort() });
    expect(await waiting).toMatchObject({ reason: "aborted" });
  });

  it.each(["before", "after"])("ends when the client is closed, %s it began", async (when) => {
    const { client } = setUp();
    if (when === "before") void client.close();
    const waiting = client.waitForInitialization();
    void client.close();
    expect(await waiting).toMatchObject({
      ready: false,
      reason: "closed",
      error: { code: "SORTITION_CLOSED" },
    });
  });

  it("holds the process while it waits, and no longer", async () => {
    const { client, clock, source } = setUp();
    const waiting = client.waitForInitialization();
    const during = clock.pending.filter((it) => it.holdsProcess).length;
    await source.offer("a");
    await waiting;
    expect([during, clock.pending.filter((it) => it.holdsProcess).length]).toEqual([1, 0]);
  });

  it("has a deadline of its own in each call", async () => {
    const { client, clock, source } = setUp();
    const short = client.waitForInitialization({ timeoutMs: 100 });
    const long = client.waitForInitialization({ timeoutMs: 200 });
    await clock.advance(100);
    await source.offer("a");
    expect([(await short).ready, (await long).ready]).toEqual([false, true]);
  });
});

describe("refresh", () => {
  it.each([
    { found: { outcome: "updated" as const }, result: { outcome: "updated" } },
    { found: { outcome: "unchanged" as const }, result: { outcome: "unchanged" } },
  ])("tells what the source found: $result.outcome", async ({ found, result }) => {
    const { client, source } = setUp();
    source.refreshing = async () => found;
    expect(await client.refresh()).toEqual({ ...result, elapsedMs: 0 });
  });

  it("tells why it failed", async () => {
    const { client, source } = setUp();
    const error = new NetworkError("refused", null);
    source.refreshing = async () => ({ outcome: "failed", error });
    expect(await client.refresh()).toEqual({ outcome: "failed", error, elapsedMs: 0 });
  });

  it("ends at its deadline, and aborts", async () => {
    const { client, clock, source } = setUp();
    let aborted = { aborted: false };
    source.refreshing = (signal) => {
      aborted = signal;
      return new Promise(() => {});
    };
    const refreshing = client.refresh({ timeoutMs: 100 });
    await clock.advance(100);
    expect(await refreshing).toMatchObject({
      outcome: "timeout",
      error: { code: "SORTITION_TIMEOUT" },
      elapsedMs: 100,
    });
    expect(aborted.aborted).toBe(true);
  });

  it.each([
    { source: new ScriptedSource(INTERVAL_MS, 700), timeoutMs: 700 },
    { source: new ScriptedSource(), timeoutMs: 5_000 },
  ])("waits as long as one look of its source may take: $timeoutMs ms", async (row) => {
    const { client, clock } = setUp({ source: row.source });
    row.source.refreshing = () => new Promise(() => {});
    const refreshing = client.refresh();
    await clock.advance(row.timeoutMs);
    expect(await refreshing).toMatchObject({ outcome: "timeout", elapsedMs: row.timeoutMs });
    row.source.sink.confirmed();
    client.setConfiguration(configurationOf("a"));
    await clock.advance(3 * INTERVAL_MS + row.timeoutMs - 1);
    const before = client.status.state;
    await clock.advance(1);
    expect([before, client.status.state]).toEqual(["ready", "stale"]);
  });

  it("ends when the client is closed", async () => {
    const { client, source } = setUp();
    source.refreshing = () => new Promise(() => {});
    const refreshing = client.refresh();
    void client.close();
    expect(await refreshing).toMatchObject({ outcome: "closed" });
  });

  it("does nothing after close, which is reported", async () => {
    const set = setUp();
    await set.client.close();
    expect(await set.client.refresh()).toMatchObject({ outcome: "closed" });
    expect(messagesOf(set, "warn")).toEqual(["call after close"]);
  });

  it("finds nothing new without a source", async () => {
    const { client } = setUp({ source: undefined });
    expect(await client.refresh()).toEqual({ outcome: "unchanged", elapsedMs: 0 });
  });

  it("leaves no timer, even if the source breaks its word and rejects", async () => {
    const { client, clock, source } = setUp();
    source.refreshing = () => Promise.reject(new Error("bug"));
    const before = clock.pending.length;
    await client.refresh().catch(() => {});
    expect(clock.pending.length).toBe(before);
  });
});

describe("close", () => {
  it("gives the same promise each time", () => {
    const { client } = setUp();
    expect(client.close()).toBe(client.close({ timeoutMs: 1 }));
  });

  it("is told once", async () => {
    const { client, events } = setUp();
    await Promise.all([client.close(), client.close()]);
    await client.close();
    expect(events).toEqual(["closed"]);
  });

  it("leaves the source in the same turn", () => {
    const { client, source } = setUp();
    void client.close();
    expect(source.calls).toEqual(["subscribe", "end"]);
  });

  it("leaves no timer", async () => {
    const { client, clock, source } = setUp();
    await source.offer("a");
    void client.waitForInitialization();
    await client.close();
    expect(clock.pending).toEqual([]);
  });

  it("clears the timer of the first wait", async () => {
    const { client, clock } = setUp();
    await client.close();
    expect(clock.pending).toEqual([]);
  });

  it("gives an empty result if nothing was logged", async () => {
    const { client } = setUp();
    expect(await client.close()).toEqual({
      delivered: 0,
      failed: 0,
      dropped: 0,
      pending: 0,
      timedOut: false,
      loggers: [],
    });
  });

  it("does not wait for a source longer than its deadline", async () => {
    const { client, clock, source } = setUp();
    source.ending = () => new Promise(() => {});
    const closing = client.close({ timeoutMs: 100 });
    await clock.advance(100);
    await expect(closing).resolves.toMatchObject({ pending: 0 });
  });

  it("does not mind a source that fails to say good-bye", async () => {
    const { client, source } = setUp();
    source.ending = () => Promise.reject(new Error("gone"));
    await expect(client.close()).resolves.toMatchObject({ timedOut: false });
  });

  it("ends nothing but the client's own subscription", async () => {
    const { client, source } = setUp();
    await client.close();
    await client.close();
    expect(source.calls).toEqual(["subscribe", "end"]);
  });

  it("leaves the last configuration to be evaluated", async () => {
    const { client, source } = setUp();
    await source.offer("a");
    await client.close();
    expect([...client.getFlagKeys()]).toEqual(["a"]);
  });

  it.each(["setConfiguration", "setAssignmentLogger"] as const)(
    "makes %s do nothing",
    async (call) => {
      const set = setUp();
      await set.client.close();
      if (call === "setConfiguration") set.client.setConfiguration(configurationOf("a"));
      else set.client.setAssignmentLogger({ logAssignment() {} });
      expect(set.client.getConfiguration()).toBeNull();
      expect(set.reports.at(-1)).toMatchObject({ message: "call after close", facts: { call } });
    },
  );

  it("silences the source", async () => {
    const { client, source, events } = setUp();
    await client.close();
    source.sink.failed(failureOf("unauthorized"), { inMs: 1 });
    source.sink.confirmed();
    expect([client.status.lastError, ...events]).toEqual([null, "closed"]);
  });

  it("by a listener ends the announcement", async () => {
    const { client, source, events } = setUp();
    client.on("configuration-changed", () => void client.close());
    await source.offer("a");
    expect(events).not.toContain("ready");
  });

  it("happens when the signal is aborted", async () => {
    const controller = new AbortController();
    const { client, events } = setUp({ signal: controller.signal });
    controller.abort();
    expect(client.status.state).toBe("closed");
    await client.close();
    expect(events).toEqual(["closed"]);
  });

  it("happens at once if the signal is aborted already", () => {
    expect(setUp({ signal: AbortSignal.abort() }).client.status.state).toBe("closed");
  });

  it("leaves no listener on the signal", async () => {
    let listeners = 0;
    const signal = {
      aborted: false,
      addEventListener: () => {
        listeners += 1;
      },
      removeEventListener: () => {
        listeners -= 1;
      },
    };
    const { client } = setUp({ signal });
    const during = listeners;
    await client.close();
    expect([during, listeners]).toEqual([1, 0]);
  });

  it("is what await using does", async () => {
    const { client } = setUp();
    await client[Symbol.asyncDispose]();
    expect(client.status.state).toBe("closed");
  });
});

describe("flush", () => {
  const flag = {
    key: "f",
    enabled: true,
    variationType: "STRING",
    variations: { on: { key: "on", value: "yes" } },
    allocations: [{ key: "all", splits: [{ shards: [], variationKey: "on" }], doLog: true }],
  };
  const initialConfiguration = Configuration.from({
    dialect,
    payloads: { flags: JSON.stringify({ flags: { f: flag } }) },
  });

  it("waits for what is in flight, then flushes the logger", async () => {
    const calls: string[] = [];
    let deliver = (): void => {};
    const { client } = setUp({
      initialConfiguration,
      assignmentLogger: {
        name: "mine",
        logAssignment: () =>
          new Promise<void>((resolve) => {
            deliver = () => {
              calls.push("delivered");
              resolve();
            };
          }),
        flush: ({ timeoutMs }) => calls.push(`flush ${timeoutMs}`),
      },
    });
    client.getStringAssignment("f", "alice", {}, "");
    const flushing = client.flush({ timeoutMs: 200 });
    deliver();
    expect(await flushing).toEqual({
      delivered: 1,
      failed: 0,
      dropped: 0,
      pending: 0,
      timedOut: false,
      loggers: [{ name: "mine", delivered: 1, failed: 0, dropped: 0, pending: 0, ok: true }],
    });
    expect(calls).toEqual(["delivered", "flush 200"]);
  });

  it("ends at its deadline, with what is pending", async () => {
    const { client, clock } = setUp({
      initialConfiguration,
      assignmentLogger: { logAssignment: () => new Promise(() => {}) },
    });
    client.getStringAssignment("f", "alice", {}, "");
    const flushing = client.flush({ timeoutMs: 200 });
    await clock.advance(200);
    expect(await flushing).toMatchObject({ pending: 1, timedOut: true });
    expect(clock.pending.filter((it) => it.holdsProcess)).toEqual([]);
  });

  it("ends when its signal is aborted", async () => {
    const { client } = setUp({
      initialConfiguration,
      assignmentLogger: { logAssignment: () => new Promise(() => {}) },
    });
    client.getStringAssignment("f", "alice", {}, "");
    expect(await client.flush({ signal: AbortSignal.abort() })).toMatchObject({ timedOut: true });
  });

  it.each([
    {
      flush: () => {
        throw new Error("no");
      },
      ok: false,
      because: "it throws",
    },
    { flush: () => Promise.reject(new Error("no")), ok: false, because: "it rejects" },
    { flush: () => ({ ok: false }), ok: false, because: "it says so itself" },
    { flush: () => ({ ok: true }), ok: true, because: "it says so itself" },
    { flush: () => undefined, ok: true, because: "it returns" },
  ])("calls a logger's own flush ok: $ok, because $because", async ({ flush, ok }) => {
    const { client } = setUp({ assignmentLogger: { logAssignment() {}, flush } });
    expect((await client.flush()).loggers).toMatchObject([{ name: "assignmentLogger", ok }]);
  });

  it("calls a logger not ok whose flush does not end", async () => {
    const { client, clock } = setUp({
      assignmentLogger: { logAssignment() {}, flush: () => new Promise(() => {}) },
    });
    const flushing = client.flush({ timeoutMs: 50 });
    await clock.advance(50);
    expect(await flushing).toMatchObject({ timedOut: true, loggers: [{ ok: false }] });
  });

  it("counts what waits for a logger as pending, and close drops it", async () => {
    const { client } = setUp({ initialConfiguration, assignmentLogger: undefined });
    client.getStringAssignment("f", "alice", {}, "");
    expect(await client.close()).toMatchObject({
      pending: 1,
      timedOut: false,
      loggers: [{ name: "none", pending: 1 }],
    });
    expect(client.status.counters.exposures).toMatchObject({
      accepted: 1,
      loggers: { none: { accepted: 1, buffered: 0, dropped: { closed: 1 } } },
    });
  });

  it("is followed by no event after close", async () => {
    const events: unknown[] = [];
    const { client } = setUp({
      initialConfiguration,
      assignmentLogger: { logAssignment: (event) => events.push(event) },
    });
    await client.close();
    const details = client.getStringAssignmentDetails("f", "alice", {}, "");
    expect(details).toMatchObject({ variation: "yes", exposure: { reason: "closed" } });
    expect(events).toEqual([]);
  });
});

describe("a listener", () => {
  it.each([
    {
      listener: () => {
        throw new Error("no");
      },
      because: "it throws",
    },
    { listener: () => Promise.reject(new Error("no")), because: "it rejects" },
  ])("does not disturb the others, although $because", async ({ listener }) => {
    const { client, source, reports } = setUp();
    const seen: string[] = [];
    client.on("ready", () => seen.push("before"));
    client.on("ready", listener);
    client.on("ready", () => seen.push("after"));
    await source.offer("a");
    await Promise.resolve();
    expect(seen).toEqual(["before", "after"]);
    expect(reports).toContainEqual({
      level: "error",
      message: "listener failed",
      facts: { code: "SORTITION_LISTENER", event: "ready", error: expect.any(Error) },
    });
  });

  it("is not called once it is removed", async () => {
    const { client, source } = setUp();
    let calls = 0;
    const remove = client.on("configuration-changed", () => {
      calls += 1;
    });
    await source.offer("a");
    remove();
    await source.offer("b");
    expect(calls).toBe(1);
  });

  it("that was added twice is called twice", async () => {
    const { client, source } = setUp();
    let calls = 0;
    const listener = (): void => {
      calls += 1;
    };
    client.on("ready", listener);
    client.on("ready", listener);
    await source.offer("a");
    expect(calls).toBe(2);
  });

  it("that is added by another counts from the next event on", async () => {
    const { client, source } = setUp();
    let calls = 0;
    let isFirst = true;
    client.on("configuration-changed", () => {
      if (isFirst) {
        client.on("configuration-changed", () => {
          calls += 1;
        });
      }
      isFirst = false;
    });
    await source.offer("a");
    const during = calls;
    await source.offer("b");
    expect([during, calls]).toEqual([0, 1]);
  });

  it("sees the new configuration", async () => {
    const { client, source } = setUp();
    let keys: string[] = [];
    client.on("configuration-changed", () => {
      keys = [...client.getFlagKeys()];
    });
    await source.offer("a");
    expect(keys).toEqual(["a"]);
  });

  it("for errors is not needed", () => {
    const { source } = setUp();
    expect(() => source.sink.failed(failureOf("unauthorized"), { inMs: 1 })).not.toThrow();
  });

  it("that comes late is not told of the past", async () => {
    const { client, source } = setUp();
    await source.offer("a");
    let calls = 0;
    client.on("ready", () => {
      calls += 1;
    });
    await source.offer("b");
    expect(calls).toBe(0);
  });
});

describe("a static source", () => {
  it("offers its configuration once, and is never stale", async () => {
    const { client, clock } = setUp({ source: staticSource(configurationOf("a")) });
    expect(await client.waitForInitialization()).toMatchObject({ ready: true, source: "static" });
    await clock.advance(1e9);
    expect(client.status.state).toBe("ready");
  });

  it("leaves no timer", async () => {
    const { client, clock } = setUp({ source: staticSource(configurationOf("a")) });
    await client.waitForInitialization();
    await clock.advance(5); // the configuration is looked through
    expect(clock.pending).toEqual([]);
  });
});

describe("the status", () => {
  it("is a frozen picture", async () => {
    const { client, source } = setUp();
    const before = client.status;
    await source.offer("a");
    expect([Object.isFrozen(before), before.state]).toEqual([true, "initializing"]);
  });

  it("tells about the configuration", async () => {
    const { client, clock, source } = setUp();
    await source.offer("a");
    await clock.advance(10);
    expect(client.status).toEqual({
      state: "ready",
      source: "network",
      revision: client.getConfiguration()!.revision,
      ageMs: 10,
      publishedAt: null,
      environment: null,
      dialect: "eppo",
      issues: { found: 0, complete: true },
      lastError: null,
      lastSuccessAt: new Date(clock.now() - 10).toISOString(),
      consecutiveFailures: 0,
      nextAttemptInMs: null,
      disk: "off",
      counters: {
        exposures: expect.anything(),
        evaluations: { unknownFlag: 0, typeMismatch: 0, invalidSubject: 0, failed: 0 },
      },
    });
  });

  it("has the same revision for equal bytes in another client", async () => {
    const [a, b] = [setUp(), setUp({ initialConfiguration: configurationOf("a") })];
    await a.source.offer("a");
    expect(a.client.status.revision).toBe(b.client.status.revision);
  });
});

describe("a look through the configuration in the background", () => {
  const damaged = bodyOf("a", "b").replace('"b":{', '"b":{oops ');

  it("finds every broken flag, and tells of them once it is done", async () => {
    const setup = setUp();
    const { client, clock, source, reports } = setup;
    await source.sink.offer(payloadsOf(damaged));
    expect(client.status.issues).toEqual({ found: 0, complete: false });
    await clock.advance(5);
    expect(client.status.issues).toEqual({ found: 1, complete: true });
    const [report] = reports.filter(({ message }) => message === "configuration has issues");
    expect(report).toMatchObject({ level: "warn", facts: { found: 1, path: '$.flags["b"]' } });
  });

  it("says nothing where there is nothing", async () => {
    const setup = setUp();
    await setup.source.offer("a");
    await setup.clock.advance(5);
    expect(messagesOf(setup, "warn")).toEqual([]);
  });

  it("holds no process, and ends with the client", async () => {
    const { client, clock, source } = setUp();
    await source.offer("a");
    expect(clock.pending[0]).toEqual({ inMs: 4, holdsProcess: false });
    await client.close();
    await clock.advance(5);
    expect(client.status.issues.complete).toBe(false);
  });

  it("leaves a configuration that was replaced", async () => {
    const { client, clock, source } = setUp();
    await source.offer("a");
    const former = client.getConfiguration()!;
    await source.offer("b");
    await clock.advance(5);
    expect([former.issueCount.complete, client.status.issues.complete]).toEqual([false, true]);
  });

  it("leaves a configuration that a listener to its coming replaces", async () => {
    const { client, clock, source } = setUp();
    const better = configurationOf("b");
    client.on("configuration-changed", () => {
      if (client.getConfiguration() !== better) client.setConfiguration(better);
    });
    await source.offer("a");
    await clock.advance(5);
    expect(client.status).toMatchObject({ source: "manual", issues: { complete: true } });
  });

  it.each(["network", "disk"] as const)(
    "does not begin if a listener to its coming from the %s closes the client",
    async (from) => {
      const setup = setUp();
      const { client, clock, source } = setup;
      client.on("configuration-changed", () => void client.close());
      await source.sink.offer(payloadsOf(damaged, from));
      await clock.advance(5);
      expect(messagesOf(setup, "warn")).not.toContain("configuration has issues");
    },
  );
});
