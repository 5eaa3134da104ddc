import { metrics, trace } from "@opentelemetry/api";
import { logs } from "@opentelemetry/api-logs";
import { shadow } from "@sortition/core";
import { claimReceipt, type Receipt } from "@sortition/core/internal";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type OpenTelemetryOptions, observeStatus, openTelemetry } from "../src/index.js";
import { configurationOf, inSpan, observedClient, Telemetry } from "./telemetry.js";

let telemetry: Telemetry;

beforeEach(() => {
  telemetry = new Telemetry();
});
afterEach(async () => {
  await telemetry.close();
  metrics.disable();
});

describe("the counter feature_flag.evaluations", () => {
  it("counts by flag, variation and reason", async () => {
    const client = observedClient({ onEvaluation: openTelemetry() });
    client.getStringAssignment("checkout", "alice", { plan: "gold" }, "default");
    client.getStringAssignment("checkout", "bob", {}, "default");
    client.getStringAssignment("gold", "alice", { plan: "gold" }, "default");
    client.getStringAssignment("disabled", "alice", {}, "default");
    client.getStringAssignment("absent", "alice", {}, "default");
    const provider = { "feature_flag.provider.name": "sortition" };
    const named = (key: string, reason: string, more: object = {}): string =>
      JSON.stringify({
        "feature_flag.key": key,
        "feature_flag.result.reason": reason,
        ...provider,
        ...more,
      });
    const on = { "feature_flag.result.variant": "on" };
    expect(await telemetry.points("feature_flag.evaluations")).toEqual({
      [named("checkout", "static", on)]: 2,
      [named("gold", "targeting_match", on)]: 1,
      [named("disabled", "disabled")]: 1,
      [named("absent", "error", { "error.type": "flag_not_found" })]: 1,
    });
  });

  it("counts at most 100 unknown keys by name", async () => {
    const client = observedClient({ onEvaluation: openTelemetry() });
    client.getStringAssignment("checkout", "alice", {}, "default");
    for (let i = 0; i < 300; i++) client.getStringAssignment(`absent-${i % 150}`, "a", {}, "b");
    client.getStringAssignment("gold", "alice", { plan: "gold" }, "default");
    const points = Object.entries(await telemetry.points("feature_flag.evaluations")).map(
      ([attributes, count]) => [JSON.parse(attributes)["feature_flag.key"], count],
    );
    expect(points).toHaveLength(103);
    expect(Object.fromEntries(points)).toMatchObject({
      checkout: 1,
      gold: 1,
      "absent-99": 2,
      _OTHER: 100,
    });
  });

  it("counts with an SDK that starts after the client was created", async () => {
    await telemetry.close();
    metrics.disable();
    const client = observedClient({ onEvaluation: openTelemetry() });
    client.getStringAssignment("checkout", "alice", {}, "default");
    telemetry = new Telemetry();
    client.getStringAssignment("checkout", "alice", {}, "default");
    expect(Object.values(await telemetry.points("feature_flag.evaluations"))).toEqual([1]);
  });

  it("is switched off by metrics: false", async () => {
    const client = observedClient({ onEvaluation: openTelemetry({ metrics: false }) });
    client.getStringAssignment("checkout", "alice", {}, "default");
    expect(await telemetry.points("feature_flag.evaluations")).toEqual({});
  });
});

describe("the active span", () => {
  it("gets the variation of each flag, or the reason of a flag without one", async () => {
    const client = observedClient({ onEvaluation: openTelemetry() });
    const attributes = await inSpan(telemetry, () => {
      client.getStringAssignment("checkout", "alice", {}, "default");
      client.getStringAssignment("disabled", "alice", {}, "default");
      client.getStringAssignment("absent", "alice", {}, "default");
    });
    expect(attributes).toEqual({
      "feature_flag.checkout.variant": "on",
      "feature_flag.disabled.variant": "disabled",
      "feature_flag.absent.variant": "flag_not_found",
    });
  });

  it("keeps the first result of a flag, and marks a later one that differs", async () => {
    const client = observedClient({ onEvaluation: openTelemetry() });
    const attributes = await inSpan(telemetry, () => {
      client.getStringAssignment("gold", "alice", { plan: "gold" }, "default");
      client.getStringAssignment("gold", "alice", { plan: "gold" }, "default");
      client.getStringAssignment("gold", "bob", {}, "default");
    });
    expect(attributes).toEqual({
      "feature_flag.gold.variant": "on",
      "feature_flag.gold.changed": true,
    });
  });

  it("keeps the results of two observers apart from each other's flags", async () => {
    const [one, two] = [0, 1].map(() => observedClient({ onEvaluation: openTelemetry() }));
    const attributes = await inSpan(telemetry, () => {
      one?.getStringAssignment("gold", "alice", { plan: "gold" }, "default");
      two?.getStringAssignment("gold", "bob", {}, "default");
      for (let i = 0; i < 40; i++) two?.getStringAssignment(`flag-${i}`, "alice", {}, "default");
    });
    expect(Object.keys(attributes)).toHaveLength(34);
    expect(attributes).toMatchObject({
      "feature_flag.gold.variant": "on",
      "feature_flag.gold.changed": true,
      "feature_flag.omitted": true,
    });
  });

  it.each(["candidate", "primary"] as const)(
    "gets only the result of the side of a shadow that served, if the %s has no value",
    async (failing) => {
      const onEvaluation = openTelemetry();
      const working = observedClient({ onEvaluation });
      const other = observedClient({
        onEvaluation,
        initialConfiguration: configurationOf({ checkout: { variationType: "INTEGER" } }),
      });
      const [primary, candidate] = failing === "primary" ? [other, working] : [working, other];
      const flags = shadow({ primary, candidate });
      flags.serveFrom(() => failing);
      const attributes = await inSpan(telemetry, () => {
        expect(flags.getStringAssignment("checkout", "alice", {}, "default")).toBe("secret-value");
      });
      expect(attributes).toEqual({ "feature_flag.checkout.variant": "on" });
      const points = await telemetry.points("feature_flag.evaluations");
      expect(Object.values(points)).toEqual([1]);
    },
  );

  it("is not changed with spans: false, and may be missing", async () => {
    const client = observedClient({ onEvaluation: openTelemetry({ spans: false }) });
    client.getStringAssignment("checkout", "alice", {}, "default");
    const evaluate = (): string => client.getStringAssignment("checkout", "alice", {}, "default");
    expect(await inSpan(telemetry, evaluate)).toEqual({});
  });
});

describe("log events", () => {
  const eventsOf = (options: Parameters<typeof openTelemetry>[0]) => {
    const observer = openTelemetry({ logs: logs.getLogger("app"), ...options });
    const client = observedClient({ onEvaluation: observer });
    client.getStringAssignment("checkout", "alice", {}, "default");
    client.getStringAssignment("absent", "alice", {}, "default");
    return telemetry.logs.getFinishedLogRecords();
  };

  it("have the attributes of the convention, without the subject and the value", () => {
    const [assigned, missing] = eventsOf({});
    expect(assigned?.eventName).toBe("feature_flag.evaluation");
    expect(assigned?.attributes).toEqual({
      "feature_flag.key": "checkout",
      "feature_flag.result.reason": "static",
      "feature_flag.result.variant": "on",
      "feature_flag.provider.name": "sortition",
      "feature_flag.version": expect.any(String),
      "feature_flag.set.id": "Test",
    });
    expect(missing?.attributes).toEqual({
      "feature_flag.key": "absent",
      "feature_flag.result.reason": "error",
      "feature_flag.provider.name": "sortition",
      "feature_flag.version": expect.any(String),
      "feature_flag.set.id": "Test",
      "error.type": "flag_not_found",
      "feature_flag.error.message": 'flag "absent": does not exist',
    });
  });

  it("have the subject and the value if these options are on", () => {
    const [assigned, missing] = eventsOf({ contextId: true, value: true });
    expect(assigned?.attributes).toMatchObject({
      "feature_flag.context.id": "alice",
      "feature_flag.result.value": "secret-value",
    });
    expect(missing?.attributes).toMatchObject({ "feature_flag.result.value": "default" });
  });

  it("belong to the active trace", async () => {
    let traceId = "";
    await inSpan(telemetry, (span) => {
      traceId = span.spanContext().traceId;
      eventsOf({});
    });
    const records = telemetry.logs.getFinishedLogRecords();
    expect(records.map(({ spanContext }) => spanContext?.traceId)).toEqual([traceId, traceId]);
  });

  it.each([
    { sampleRatio: 0, count: 0 },
    { sampleRatio: 0.25, count: 1 },
    { sampleRatio: 1, count: 2 },
  ])("are sampled with sampleRatio $sampleRatio", ({ count, sampleRatio }) => {
    const draws = [0.2, 0.25];
    const events = eventsOf({ sampleRatio, random: () => draws.shift() ?? 0 });
    expect(events).toHaveLength(count);
  });
});

describe("observeStatus", () => {
  it("exports the state of the client until it is stopped", async () => {
    const client = observedClient({
      onEvaluation: openTelemetry(),
      assignmentLogger: {
        name: "mine",
        logAssignment(event) {
          if (event.subject === "bob") throw new Error("refused");
          if (event.subject === "carol") claimReceipt()?.settle("failed");
        },
      },
    });
    let reads = 0;
    const stop = observeStatus({
      get status() {
        reads += 1;
        return client.status;
      },
    });
    for (const key of ["alice", "bob", "carol"]) {
      client.getStringAssignment("checkout", key, {}, "default");
    }
    await client.flush();
    const logger = { "sortition.dialect": "eppo", "sortition.logger": "mine" };
    const failures = "sortition.configuration.consecutive_failures";
    expect(await telemetry.points(failures)).toEqual({ '{"sortition.dialect":"eppo"}': 0 });
    expect(await telemetry.points("sortition.exposures.delivered")).toEqual({
      [JSON.stringify(logger)]: 1,
    });
    expect(await telemetry.points("sortition.exposures.dropped")).toMatchObject({
      [JSON.stringify({ ...logger, "sortition.drop.reason": "logger-threw" })]: 1,
    });
    expect(await telemetry.points("sortition.exposures.dropped")).toMatchObject({
      [JSON.stringify({ ...logger, "sortition.drop.reason": "downstream-failed" })]: 1,
    });
    expect(await telemetry.points("sortition.exposures.buffered")).toEqual({
      [JSON.stringify(logger)]: 0,
    });
    expect(reads).toBe(5);
    stop();
    await telemetry.points("sortition.exposures.delivered");
    expect(reads).toBe(5);
    await client.close();
  });

  it.each([
    { kind: "receipts", delivered: 0, because: "the client knows that the logger holds them" },
    { kind: "stats()", delivered: 5, because: "an exported counter never falls" },
  ])(
    "exports $delivered of five as delivered if a logger with $kind loses them later, because $because",
    async ({ delivered, kind }) => {
      const held: Receipt[] = [];
      let lost = 0;
      const client = observedClient({
        assignmentLogger: {
          name: "mine",
          logAssignment() {
            const receipt = kind === "receipts" ? claimReceipt() : null;
            if (receipt !== null) held.push(receipt);
          },
          ...(kind === "stats()" ? { stats: () => ({ failed: lost }) } : {}),
        },
      });
      const stop = observeStatus(client);
      for (let i = 0; i < 5; i++) client.getStringAssignment("checkout", `${i}`, {}, "default");
      const logger = { "sortition.dialect": "eppo", "sortition.logger": "mine" };
      const points = async () => ({
        delivered: (await telemetry.points("sortition.exposures.delivered"))[
          JSON.stringify(logger)
        ],
        failed: (await telemetry.points("sortition.exposures.dropped"))[
          JSON.stringify({ ...logger, "sortition.drop.reason": "downstream-failed" })
        ],
        buffered: (await telemetry.points("sortition.exposures.buffered"))[JSON.stringify(logger)],
      });
      expect(await points()).toEqual({ delivered, failed: 0, buffered: held.length });
      for (const receipt of held) receipt.settle("failed");
      lost = 5;
      expect(client.status.counters.exposures.totals).toMatchObject({ delivered: 0, failed: 5 });
      expect(await points()).toEqual({ delivered, failed: 5, buffered: 0 });
      lost = 0;
      expect(await points()).toMatchObject({ delivered, failed: 5 });
      stop();
      await client.close();
    },
  );

  it("exports the comparisons of a shadow, which add up over a fleet", async () => {
    const clock = { monotonicMs: () => 0 };
    const primary = observedClient({ clock });
    const broken = { enabled: true, allocations: 5 };
    const moved = { variations: { on: { key: "on", value: "moved" } } };
    const flagsOfCandidate = { checkout: moved, disabled: broken, "flag-1": broken };
    const initialConfiguration = configurationOf(flagsOfCandidate);
    const candidate = observedClient({ clock, initialConfiguration });
    const flags = shadow({ primary, candidate });
    const stop = observeStatus(flags);
    for (const key of ["checkout", "disabled", "absent"]) {
      flags.getStringAssignment(key, "alice", {}, "default");
    }
    flags.serveFrom("candidate");
    flags.getStringAssignment("flag-1", "alice", {}, "default");
    const difference = (key: string, kind: string): string =>
      JSON.stringify({ "feature_flag.key": key, "sortition.shadow.difference": kind });
    expect(await telemetry.points("sortition.shadow.compared")).toEqual({ "{}": 3 });
    expect(await telemetry.points("sortition.shadow.differences")).toEqual({
      [difference("checkout", "value")]: 1,
      [difference("disabled", "only-in-primary")]: 1,
    });
    expect(await telemetry.points("sortition.shadow.skipped")).toEqual({ "{}": 0 });
    expect(await telemetry.points("sortition.shadow.served_by_other")).toEqual({
      '{"feature_flag.key":"flag-1"}': 1,
    });
    stop();
    await flags.close();
  });
});

describe("options", () => {
  it.each([
    { options: { sampleRatio: 1.5 }, message: /^sampleRatio: expected a number from 0 to 1/ },
    { options: { sampleRatio: -0.1 }, message: /^sampleRatio/ },
    { options: { sampleRatio: Number.NaN }, message: /^sampleRatio/ },
    { options: { sampleRatio: "1" }, message: /^sampleRatio/ },
    { options: { logs: {} }, message: /^logs/ },
    { options: { logs: console }, message: /emit/ },
    { options: { metrics: 1 }, message: /^metrics/ },
    { options: { providerName: "" }, message: /^providerName/ },
    { options: { logger: {} }, message: /logger/ },
  ])("rejects $options", ({ message, options }) => {
    expect(() => openTelemetry(options as never)).toThrow(message);
  });

  it.each<[OpenTelemetryOptions, string[]]>([
    [{ metrics: false, spans: false }, ["reports nothing: leave it out, or pass logs"]],
    [{ contextId: true }, ["contextId has no effect without logs"]],
    [{ value: true }, ["value has no effect without logs"]],
    [{ sampleRatio: 0.1 }, ["sampleRatio has no effect without logs"]],
    [{ metrics: false, contextId: false }, []],
    [{ metrics: false, spans: false, contextId: true, logs: logs.getLogger("app") }, []],
  ])("warns of options that have no effect: %j", (options, texts) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    openTelemetry(options);
    expect(warn.mock.calls.map(([text]) => text)).toEqual(
      texts.map((it) => expect.stringContaining(`openTelemetry(): ${it}`)),
    );
    warn.mockRestore();
  });

  it("rejects a value that is not a meter", () => {
    const client = observedClient({});
    expect(() => observeStatus(client, { meter: {} as never })).toThrow(/^meter/);
    expect(trace.getActiveSpan()).toBeUndefined();
  });
});
