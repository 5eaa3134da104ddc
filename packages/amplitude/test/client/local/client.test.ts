import { LocalEvaluationClient as VendorClient } from "@amplitude/experiment-node-server";
import type { AssignmentEvent } from "@sortition/core";
import { pollingSource } from "@sortition/node/internal";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  Experiment,
  type FlagConfigCache,
  LocalEvaluationClient,
  type LocalEvaluationConfig,
} from "../../../src/index.js";
import { amplitudeOrigin } from "../../../src/source.js";
import { CohortServer, cohortFlag } from "../../source/cohort-server.js";
import { flagOf } from "./flags.js";

const SYNC = { apiKey: "analytics-key", secretKey: "analytics-secret" };

function collectingLogger() {
  const lines: string[] = [];
  const at =
    (level: string) =>
    (message?: string, ...details: unknown[]): void => {
      lines.push(`${level} ${message} ${JSON.stringify(details)}`);
    };
  const provider = {
    verbose: at("verbose"),
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
  };
  return { lines, provider };
}

describe("LocalEvaluationClient", () => {
  let server: CohortServer;
  const clients: LocalEvaluationClient[] = [];

  const create = (
    config: LocalEvaluationConfig = {},
    store?: FlagConfigCache,
  ): LocalEvaluationClient => {
    const own = config.source === undefined ? { serverUrl: server.url } : {};
    const { provider } = collectingLogger();
    const client = new LocalEvaluationClient(
      "deployment-key",
      { ...own, loggerProvider: provider, ...config },
      store,
    );
    clients.push(client);
    return client;
  };

  /** The members that are compared exist in both packages. */
  const createVendor = (config: LocalEvaluationConfig): LocalEvaluationClient =>
    new VendorClient("deployment-key", config as never) as never;

  beforeEach(async () => {
    server = await CohortServer.start();
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.stop();
    await server.close();
  });

  it("does not share its bootstrap with other clients or the caller", async () => {
    const bootstrap = { a: flagOf("a") };
    const [one, other] = [create({ bootstrap }), create({ bootstrap })];
    await one.cache.put("b", flagOf("b"));
    bootstrap.a["segments"] = [];
    expect(Object.keys(one.evaluateV2({ user_id: "alice" }))).toEqual(["a", "b"]);
    expect(Object.keys(other.evaluateV2({ user_id: "alice" }))).toEqual(["a"]);
    expect(create().evaluateV2({ user_id: "alice" })).toEqual({});
  });

  it.each([
    { bootstrap: [flagOf("a"), flagOf("b")], because: "it is the list that the server sends" },
    { bootstrap: { x: flagOf("a"), b: flagOf("b") }, because: "a flag has another key inside" },
    { bootstrap: { x: flagOf("a"), y: flagOf("a") }, because: "two flags have one key inside" },
    { bootstrap: { a: { ...flagOf("a"), key: 5 } }, because: "the key inside is not a string" },
  ])(
    "names results like the vendor's client, and finds flags where they are stored: $because",
    async (it) => {
      const [mine, theirs] = [create, createVendor].map((make) => {
        const client = make({ bootstrap: structuredClone(it.bootstrap) as never });
        const user = { user_id: "alice" };
        const keys = [undefined, ["a"], ["b"], ["x"], ["0"], ["1", "0"], []];
        return {
          results: keys.map((flagKeys) => client.evaluateV2(user, flagKeys)),
          stored: client.cache.getAllCached(),
        };
      });
      expect(mine).toEqual(theirs);
    },
  );

  it.each([{}, { streamUpdates: true }])("resolves a start that is stopped: %j", async (config) => {
    server.server.respond({ kind: "hang" });
    const client = create({ ...config, streamServerUrl: server.url });
    const starting = client.start();
    await server.server.request(1);
    client.stop();
    await starting;
  });

  it("downloads thirty cohorts, at most four at a time, like an origin, without a warning about listeners", async () => {
    const ids = Array.from({ length: 30 }, (_, i) => `c${i}`);
    server.flags = [cohortFlag("flag", ...ids)];
    for (const id of ids) server.cohorts.set(id, { lastModified: 1, memberIds: ["alice"] });
    const warnings: Error[] = [];
    const keep = (warning: Error): void => void warnings.push(warning);
    process.on("warning", keep);
    const cohortSync = { ...SYNC, cohortServerUrl: server.url };
    const client = create({ cohortSyncConfig: cohortSync });
    await client.start();
    const origin = amplitudeOrigin({
      ...{ deploymentKey: "key", serverUrl: server.url, cohortSync },
    });
    const result = await origin.fetchOnce(null, { signal: new AbortController().signal });
    origin.release?.();
    process.off("warning", keep);
    expect(client.cohortStorage.getAllCohortIds().size).toBe(30);
    expect(result).toMatchObject({ kind: "payloads", payloads: { length: 31 } });
    expect(server.server.peakConcurrency).toBeLessThanOrEqual(4);
    expect(warnings).toEqual([]);
  });

  it("logs exposures to a logger once a day, without default variants", async () => {
    server.flags = [
      flagOf("a", "on", { experimentKey: "exp" }),
      flagOf("b", "off", { default: true }),
      flagOf("c", "on", { trackExposure: false }),
      flagOf("d", "on", { trackExposure: null }),
    ];
    const events: AssignmentEvent[] = [];
    const client = create({
      exposureLogger: { logAssignment: (event) => void events.push(event) },
    });
    await client.start();
    const user = { user_id: "alice", country: "DK", user_properties: { plan: "pro" } };
    client.evaluateV2(user);
    expect(events).toEqual([]);
    client.evaluateV2(user, undefined, { tracksExposure: true });
    client.evaluateV2(user, undefined, { tracksExposure: true });
    expect(events).toMatchObject([
      { featureFlag: "a", experiment: "exp", allocation: "All Users", variation: "on" },
      { featureFlag: "d", experiment: "d", subject: "alice" },
    ]);
    expect(events[0]?.subjectAttributes).toEqual({ country: "DK", plan: "pro" });
    expect(events[0]?.evaluationDetails).toEqual({
      variantKey: "on",
      segmentName: "All Users",
      isDefault: false,
      metadata: expect.objectContaining({ experimentKey: "exp", segmentName: "All Users" }),
    });
    await client.stop({ timeoutMs: 1_000 });
  });

  it("names the option if its value is not a logger", () => {
    const exposureLogger = {} as never;
    expect(() => create({ exposureLogger })).toThrow("exposureLogger");
  });

  it("uses flags and cohorts from a source, without sending requests", async () => {
    server.flags = [cohortFlag("flag", "c1")];
    server.cohorts.set("c1", { lastModified: 1, memberIds: ["alice"] });
    const origin = amplitudeOrigin({
      deploymentKey: "key",
      serverUrl: server.url,
      cohortSync: { ...SYNC, cohortServerUrl: server.url },
    });
    for (const source of [origin, pollingSource(origin)]) {
      const client = create({ source });
      await client.start();
      expect(client.evaluateV2({ user_id: "alice" })).toHaveProperty("flag");
      client.stop();
    }
    origin.release?.();
  });

  it.each([
    { config: { serverUrl: "http://x" }, option: "serverUrl" },
    { config: { streamUpdates: true }, option: "streamUpdates" },
    { config: { cohortSyncConfig: SYNC }, option: "cohortSyncConfig" },
  ])("refuses $option together with a source", ({ config, option }) => {
    const source = amplitudeOrigin({ deploymentKey: "key" });
    expect(() => create({ source, ...config })).toThrow(expect.objectContaining({ option }));
  });

  it.each([
    { config: { serverZone: 5 }, option: "serverZone" },
    { config: { logger: {} }, option: "logger" },
    { config: { source: {} }, option: "source" },
    { config: { source: "redis" }, option: "source" },
    {
      config: { assignmentConfig: { apiKey: "k", sendEvaluatedProps: "yes" } },
      option: "assignmentConfig.sendEvaluatedProps",
    },
  ])("refuses $config", ({ config, option }) => {
    const bad = config as unknown as LocalEvaluationConfig; // as an untyped caller may pass it
    expect(() => create(bad)).toThrow(expect.objectContaining({ option }));
  });

  it.each([
    { config: { flagConfigPollingIntervalMillis: 0 }, option: "flagConfigPollingIntervalMillis" },
    {
      config: { flagConfigPollingIntervalMillis: "50" },
      option: "flagConfigPollingIntervalMillis",
    },
    { config: { streamUpdates: "" }, option: "streamUpdates" },
    { config: { streamFlagConnTimeoutMillis: null }, option: "streamFlagConnTimeoutMillis" },
    { config: { cohortSyncConfig: { apiKey: "k" } }, option: "cohortSyncConfig.secretKey" },
    { config: { assignmentConfig: {} }, option: "assignmentConfig.apiKey" },
    { config: { exposureConfig: { apiKey: "k", cacheCapacity: null } }, option: "cacheCapacity" },
    { config: { bootstrap: "flags" }, option: "bootstrap" },
    { config: { logLevel: 9 }, option: "logLevel" },
  ])("treats $config as the vendor does, with one warning", ({ config, option }) => {
    const { lines, provider } = collectingLogger();
    const odd = { loggerProvider: provider, ...config } as unknown as LocalEvaluationConfig;
    create(odd).stop();
    expect(lines).toEqual([expect.stringContaining(option)]);
  });

  it("treats null as no bootstrap", () => {
    expect(create({ bootstrap: null as never }).evaluateV2({ user_id: "alice" })).toEqual({});
  });

  it("warns of an unknown option and suggests the nearest name", () => {
    const { lines, provider } = collectingLogger();
    const config = { flagConfigPollingIntervalMilis: 5, loggerProvider: provider };
    create(config as LocalEvaluationConfig);
    expect(lines.join()).toContain("flagConfigPollingIntervalMillis");
  });

  it("logs no key and no user", async () => {
    server.flags = [cohortFlag("flag", "c1")];
    const { lines, provider } = collectingLogger();
    const client = create({
      loggerProvider: provider,
      debug: true,
      cohortSyncConfig: { ...SYNC, cohortServerUrl: server.url },
    });
    await client.start();
    client.evaluateV2({ user_id: "alice@example.com" });
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join("\n")).toContain("Cohort download failed c1");
    expect(lines.join("\n")).not.toMatch(/alice|deployment-key|analytics-|\?/);
  });

  it("throws for a missing user and for a cycle, like the vendor's client", async () => {
    const cyclic = (key: string, other: string): object => ({
      ...flagOf(key),
      dependencies: [other],
    });
    server.flags = [cyclic("a", "b"), cyclic("b", "a"), flagOf("c")];
    const client = create();
    await client.start();
    expect(() => client.evaluateV2(undefined as never)).toThrow(TypeError);
    expect(() => client.evaluateV2({ user_id: "alice" })).toThrow(
      "Detected a cycle between flags a,b",
    );
    await expect(client.evaluate({ user_id: "alice" })).rejects.toThrow("cycle");
    expect(Object.keys(client.evaluateV2({ user_id: "alice" }, ["c"]))).toEqual(["c"]);
  });

  it("has one instance for each key and name", () => {
    const config = { serverUrl: server.url, instanceName: "one" };
    const one = Experiment.initializeLocal("singleton", config);
    expect(Experiment.initializeLocal("singleton", config)).toBe(one);
    expect(Experiment.initializeLocal("singleton", { ...config, instanceName: "two" })).not.toBe(
      one,
    );
    expect(Experiment.initializeLocal("other", config)).not.toBe(one);
  });
});
