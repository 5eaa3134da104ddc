import { startTestServer } from "@sortition/test-kit";
import { afterEach, describe, expect, it, vi } from "vitest";
import { serverUrlsOf } from "../src/dialect/zone.js";
import { assignmentEvent } from "../src/events/events.js";
import {
  AmplitudeCookie,
  LocalEvaluationClient,
  type LocalEvaluationConfig,
  LogLevel,
  RemoteEvaluationClient,
  type User,
} from "../src/index.js";
import { amplitudeOrigin } from "../src/source.js";
import { flagOf } from "./client/local/flags.js";
import { resultsOf } from "./conformance/configuration.js";
import { CohortServer, cohortFlag } from "./source/cohort-server.js";

// The interface of the Python SDK: see python-names.json.

/** Collects a client's log lines of all levels. */
function recorded() {
  const lines: string[] = [];
  const log = (message?: string): void => void lines.push(String(message));
  return { lines, provider: { verbose: log, debug: log, info: log, warn: log, error: log } };
}

describe("the interface of the Python SDK", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("accepts every option of remote evaluation, and each has an effect", () => {
    const { lines, provider } = recorded();
    new RemoteEvaluationClient("key", {
      debug: false,
      serverUrl: "http://localhost",
      serverZone: "us",
      fetchTimeoutMillis: 10_000,
      fetchRetries: 0,
      fetchRetryBackoffMinMillis: 500,
      fetchRetryBackoffMaxMillis: 10_000,
      fetchRetryBackoffScalar: 1.5,
      fetchRetryTimeoutMillis: 10_000,
      connectionPoolMaxSize: 1,
      fetchPoolAcquireTimeoutMillis: 1_000,
      loggerProvider: provider,
      logLevel: LogLevel.Verbose,
    });
    expect(lines).toEqual([]);
  });

  it("accepts every option of local evaluation, and each has an effect", () => {
    const { lines, provider } = recorded();
    const tracking = { apiKey: "project", cacheCapacity: 100, flushQueueSize: 10 };
    new LocalEvaluationClient("key", {
      debug: false,
      serverUrl: "http://localhost",
      serverZone: "us",
      flagConfigPollingIntervalMillis: 30_000,
      flagConfigPollerRequestTimeoutMillis: 10_000,
      streamUpdates: true,
      streamServerUrl: "http://localhost",
      streamFlagConnTimeoutMillis: 1_500,
      assignmentConfig: { ...tracking, sendEvaluatedProps: true },
      exposureConfig: tracking,
      cohortSyncConfig: {
        apiKey: "project",
        secretKey: "secret",
        maxCohortSize: 100,
        cohortPollingIntervalMillis: 60_000,
        cohortServerUrl: "http://localhost",
      },
      loggerProvider: provider,
      logLevel: LogLevel.Info,
    });
    expect(lines).toEqual([]);
  });

  it("has servers in the EU and the US", () => {
    expect(serverUrlsOf("EU")).toEqual({
      remote: "https://api.lab.eu.amplitude.com",
      flags: "https://flag.lab.eu.amplitude.com",
      stream: "https://stream.lab.eu.amplitude.com",
      cohort: "https://cohort-v2.lab.eu.amplitude.com",
    });
    expect(serverUrlsOf()).toEqual({
      remote: "https://api.lab.amplitude.com",
      flags: "https://api.lab.amplitude.com",
      stream: "https://stream.lab.amplitude.com",
      cohort: "https://cohort-v2.lab.amplitude.com",
    });
  });

  it("accepts a user with all its fields", () => {
    const user: User = {
      device_id: "d",
      user_id: "u",
      country: "DK",
      city: "Aarhus",
      region: "Midtjylland",
      dma: "1",
      language: "da",
      platform: "server",
      version: "1.2.3",
      os: "linux",
      device_manufacturer: "m",
      device_brand: "b",
      device_model: "m",
      carrier: "c",
      library: "l",
      user_properties: { premium: true },
      groups: { org: ["acme"] },
      group_properties: { org: { acme: { plan: "pro" } } },
    };
    const client = new LocalEvaluationClient("key", { bootstrap: { a: flagOf("a") } });
    expect(client.evaluateV2(user)["a"]?.value).toBe("on");
  });

  it("returns no variant for an unknown flag", () => {
    const client = new LocalEvaluationClient("key", { bootstrap: { a: flagOf("a") } });
    const variants = client.evaluateV2({ user_id: "u" });
    expect(variants["a"]?.value === "on").toBe(true);
    expect(variants["unknown"]?.value === "on").toBe(false);
  });

  it("sends the evaluated properties with an assignment if requested", () => {
    const tracked = {
      user: { user_id: "u", country: "DK", os: "linux", user_properties: { premium: true } },
      results: resultsOf({ a: { key: "on" } }),
      timestampMs: 0,
    };
    expect(assignmentEvent(tracked, true)).toMatchObject({
      country: "DK",
      os: "linux",
      user_properties: { premium: true, $set: { "[Experiment] a": "on" }, $unset: {} },
    });
    expect(assignmentEvent(tracked)).not.toHaveProperty("country");
    expect(assignmentEvent(tracked).user_properties).toEqual({
      $set: { "[Experiment] a": "on" },
      $unset: {},
    });
  });

  it("does not download cohorts above maxCohortSize", async () => {
    const server = await CohortServer.start();
    server.flags = [cohortFlag("flag", "c1")];
    server.cohorts.set("c1", { lastModified: 1, memberIds: ["a", "b"] });
    const url = server.url;
    const sync = { apiKey: "a", secretKey: "s", cohortServerUrl: url, maxCohortSize: 1 };
    const origin = amplitudeOrigin({ deploymentKey: "k", serverUrl: url, cohortSync: sync });
    const result = await origin.fetchOnce(null, { signal: new AbortController().signal });
    expect(result).toMatchObject({
      payloads: [{ part: "flags" }],
      warnings: [{ error: { httpStatus: 413 } }],
    });
    origin.release?.();
    await server.close();
  });

  it("ends a request for flags at its deadline", async () => {
    const server = await startTestServer({ kind: "hang" });
    const client = new LocalEvaluationClient("key", {
      serverUrl: server.url,
      flagConfigPollerRequestTimeoutMillis: 200,
      logLevel: LogLevel.Disable,
    });
    await expect(client.start()).rejects.toMatchObject({ code: "SORTITION_TIMEOUT" });
    expect(server.requests.length).toBe(5);
    client.stop();
    await server.close();
  });

  it.each([
    { config: {}, levels: "error" },
    { config: { debug: true }, levels: "error, debug" },
    { config: { debug: true, logLevel: LogLevel.Disable }, levels: "error, debug" },
    { config: { logLevel: LogLevel.Disable }, levels: "none" },
  ])("logs to stderr by default: $config", async ({ config, levels }) => {
    const written = vi.spyOn(console, "error").mockImplementation(() => {});
    const stdout = vi.spyOn(process.stdout, "write");
    const server = await startTestServer({ kind: "answer", status: 500 });
    const client = new LocalEvaluationClient("key", {
      serverUrl: server.url,
      ...(config as LocalEvaluationConfig),
    });
    await expect(client.start()).rejects.toThrow();
    client.stop();
    const lines = written.mock.calls.map(([line]) => String(line));
    expect(lines.some((line) => line.includes("initial poll failed"))).toBe(
      levels.includes("error"),
    );
    expect(lines.some((line) => line.includes("poller - start"))).toBe(levels.includes("debug"));
    expect(stdout).not.toHaveBeenCalled();
    await server.close();
  });

  it("lets the program's logger filter levels, whatever debug is", async () => {
    const lines: string[] = [];
    const log = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
    const logger = { debug() {}, info() {}, warn: log("warn"), error: log("error") };
    const server = await startTestServer({ kind: "answer", status: 500 });
    const client = new LocalEvaluationClient("key", { serverUrl: server.url, logger, debug: true });
    await expect(client.start()).rejects.toThrow();
    client.stop();
    expect(lines).toEqual([expect.stringMatching(/^error .*initial poll failed/)]);
    await server.close();
  });

  it("reads and writes the cookie of the browser SDKs, old and new", () => {
    expect(AmplitudeCookie.cookieName("1234567890ab")).toBe("amp_123456");
    expect(AmplitudeCookie.cookieName("1234567890ab", true)).toBe("AMP_1234567890");
    for (const isNew of [false, true]) {
      const cookie = AmplitudeCookie.generate("device-7", isNew);
      expect(AmplitudeCookie.parse(cookie, isNew).device_id).toBe("device-7");
    }
  });

  it("runs without a native addon or WebAssembly", async () => {
    const { readdirSync } = await import("node:fs");
    const files = readdirSync(new URL("../", import.meta.url), { recursive: true });
    const own = files.map(String).filter((file) => !file.includes("node_modules"));
    expect(own.filter((file) => /\.(?:node|wasm)$/.test(file))).toEqual([]);
  });
});
