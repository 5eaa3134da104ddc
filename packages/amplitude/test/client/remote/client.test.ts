import { type Reply, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  Experiment,
  ExperimentClient,
  RemoteEvaluationClient,
  RemoteEvaluationDefaults,
} from "../../../src/index.js";

const answer: Reply = { kind: "answer", body: `{"a":{"key":"on","value":"on"}}` };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer(answer);
});
afterAll(() => server.close());

function recordingLogger() {
  const lines: (readonly unknown[])[] = [];
  const at =
    (level: string) =>
    (...parts: unknown[]): void =>
      void lines.push([level, ...parts]);
  return {
    lines,
    verbose: at("verbose"),
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
  };
}

describe("an option", () => {
  it.each([
    { option: "serverZone", value: 1, says: "string" },
    { option: "connectionPoolMaxSize", value: 0, says: "integer" },
    { option: "fetchDeadlineMillis", value: "1", says: "integer" },
  ])("whose value is invalid is named in an error: $option: $value", ({ option, value, says }) => {
    const create = () => new RemoteEvaluationClient("key", { [option]: value });
    expect(create).toThrow(expect.objectContaining({ name: "OptionError", option }));
    expect(create).toThrow(says);
  });

  it.each([
    { option: "fetchTimeoutMillis", value: -1 },
    { option: "fetchTimeoutMillis", value: "5" },
    { option: "fetchTimeoutMillis", value: 1_500.5 },
    { option: "fetchRetries", value: "3" },
    { option: "fetchRetries", value: Number.NaN },
    { option: "fetchRetryBackoffMinMillis", value: null },
    { option: "logLevel", value: "Debug" },
  ])(
    "whose value is odd is used as by the vendor, with one warning: $option: $value",
    ({ option, value }) => {
      const logger = recordingLogger();
      new RemoteEvaluationClient("key", { loggerProvider: logger, [option]: value, debug: true });
      expect(logger.lines).toEqual([["warn", expect.stringContaining(option), []]]);
    },
  );

  it.each([
    { option: "serverUrl", value: "nowhere" },
    { option: "instanceName", value: 1 },
    { option: "debug", value: "yes" },
    { option: "loggerProvider", value: null },
    { option: "loggerProvider", value: {} },
    { option: "httpAgent", value: {} },
  ])("may have any value that the vendor accepts: $option: $value", ({ option, value }) => {
    expect(() => new RemoteEvaluationClient("key", { [option]: value })).not.toThrow();
  });

  it("logger cannot be combined with loggerProvider", () => {
    const logger = recordingLogger();
    expect(() => new RemoteEvaluationClient("key", { logger, loggerProvider: logger })).toThrow(
      /logger.*loggerProvider/,
    );
  });

  it("whose name is unknown is reported once with a similar name, even at the default level", () => {
    const logger = recordingLogger();
    new RemoteEvaluationClient("key", { logger, fetchTimeoutMilis: 1, zzz: 1 } as object);
    expect(logger.lines).toEqual([
      ["warn", "[Experiment] fetchTimeoutMilis: unknown option, did you mean fetchTimeoutMillis?"],
      [
        "warn",
        "[Experiment] zzz: unknown option; see https://github.com/sortition/sortition/blob/main/docs/vendors/amplitude.md",
      ],
    ]);
  });

  it("has a default that can be read", () => {
    expect(RemoteEvaluationDefaults).toMatchObject({ fetchRetries: 8, fetchTimeoutMillis: 10_000 });
  });
});

describe("logging", () => {
  const failing = { kind: "answer", status: 400 } as const;
  const levelsOf = async (config: object): Promise<readonly unknown[]> => {
    const loggerProvider = recordingLogger();
    server.respond(failing);
    const client = new RemoteEvaluationClient("key", {
      serverUrl: server.url,
      ...("logger" in config ? {} : { loggerProvider }),
      ...config,
    });
    await client.fetch({ user_id: "alice" });
    server.respond(answer);
    return loggerProvider.lines.map(([level]) => level);
  };

  it.each([
    { config: {}, levels: ["error", "error"] },
    { config: { logLevel: 0 }, levels: [] },
    { config: { logLevel: 4 }, levels: ["debug", "error", "error"] },
    { config: { debug: true, logLevel: 0 }, levels: ["debug", "error", "error"] },
  ])("writes $levels with $config", async ({ config, levels }) => {
    expect(await levelsOf(config)).toEqual(levels);
  });

  it("leaves filtering to the user's logger", async () => {
    const logger = recordingLogger();
    await levelsOf({ logger, logLevel: 0 });
    expect(logger.lines.map(([level]) => level)).toEqual(["debug", "error", "error"]);
  });

  it("does not fail a call if the logger throws", async () => {
    const throws = (): never => {
      throw new Error("no");
    };
    const logger = { debug: throws, info: throws, warn: throws, error: throws };
    const client = new RemoteEvaluationClient("key", { serverUrl: server.url, logger });
    expect(await client.fetchV2({})).toEqual({ a: { key: "on", value: "on" } });
  });

  it("contains neither the key nor the user", async () => {
    const logger = recordingLogger();
    server.respond(failing);
    const client = new RemoteEvaluationClient("secret-key", { serverUrl: server.url, logger });
    await client.fetch({ user_id: "alice@example.com" });
    server.respond(answer);
    const text = logger.lines.map((parts) => parts.map((it) => (it as Error).stack ?? it)).join();
    expect(text).not.toMatch(/secret-key|alice/);
    expect(text).not.toContain(Buffer.from("alice").toString("base64").slice(0, 6));
  });

  it("warns once of a user that may be too large for a header, at the default level", async () => {
    const logger = recordingLogger();
    const config = { serverUrl: server.url, loggerProvider: logger };
    const client = new RemoteEvaluationClient("key", config);
    const user = { user_id: "alice", user_properties: { text: "x".repeat(8_000) } };
    await client.fetchV2(user);
    await client.fetchV2(user);
    expect(logger.lines.filter(([level]) => level === "warn")).toHaveLength(1);
  });
});

describe("fetchAsyncV2", () => {
  it("calls back once in a later turn with the variants", async () => {
    const client = new RemoteEvaluationClient("key", { serverUrl: server.url });
    const user = { user_id: "alice" };
    let isCallersTurn = true;
    const given = await new Promise((resolve) => {
      client.fetchAsyncV2(user, (...parts) => resolve([isCallersTurn, ...parts]));
      isCallersTurn = false;
    });
    expect(given).toEqual([false, user, { a: { key: "on", value: "on" } }]);
  });

  it("calls back with the error", async () => {
    const client = new RemoteEvaluationClient("", { logLevel: 0 });
    const given = await new Promise<readonly unknown[]>((resolve) =>
      client.fetchAsyncV2({}, (...parts) => resolve(parts)),
    );
    expect(given).toEqual([{}, {}, expect.objectContaining({ name: "OptionError" })]);
  });

  it("logs errors that the callback throws", async () => {
    const logger = recordingLogger();
    const client = new RemoteEvaluationClient("key", { serverUrl: server.url, logger });
    await new Promise<void>((resolve) => {
      client.fetchAsyncV2({}, () => {
        setImmediate(resolve);
        throw new Error("mine");
      });
    });
    expect(logger.lines.at(-1)).toEqual([
      "error",
      "[Experiment] The callback failed: ",
      expect.objectContaining({ message: "mine" }),
    ]);
  });
});

describe("Experiment", () => {
  it("has one client per key and instance name", () => {
    const first = Experiment.initializeRemote("one", { fetchRetries: 1 });
    expect(Experiment.initializeRemote("one")).toBe(first);
    expect(Experiment.initialize("one")).toBe(first);
    expect(Experiment.initializeRemote("one", { instanceName: "b" })).not.toBe(first);
    expect(Experiment.initializeRemote("two")).not.toBe(first);
    expect(first).toBeInstanceOf(RemoteEvaluationClient);
  });

  it("has the former class name for the same client", async () => {
    const client = new ExperimentClient("key", { serverUrl: server.url });
    expect(await client.fetchV2({})).toEqual({ a: { key: "on", value: "on" } });
  });
});
