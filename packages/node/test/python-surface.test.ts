// The surface of Eppo's Python SDK, item by item, as this package provides it. The list
// in python-names.json names these tests.
import { type Reply, type Responder, startTestServer, type TestServer } from "@sortition/test-kit";
import { MockAgent } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as module from "../src/index.js";
import {
  type AssignmentEvent,
  type AssignmentLogger,
  Configuration,
  createClient,
} from "../src/index.js";
import { recordDiagnostics } from "./support/diagnostics.js";
import { flag, flagsBody } from "./support/flags.js";
import { forgetInstance } from "./support/instance.js";
import { flagsAnswer, status } from "./support/servers.js";

/** A flag of any type with one variation for all subjects. */
function typedFlag(key: string, variationType: string, value: unknown): object {
  return { ...flag(key, "on"), variationType, variations: { on: { key: "on", value } } };
}

const typed = JSON.stringify({
  createdAt: "2026-01-01T00:00:00.000Z",
  format: "SERVER",
  environment: { name: "Test" },
  flags: {
    boolean: typedFlag("boolean", "BOOLEAN", true),
    integer: typedFlag("integer", "INTEGER", 3),
    numeric: typedFlag("numeric", "NUMERIC", 2.5),
    string: typedFlag("string", "STRING", "fast_checkout"),
    json: typedFlag("json", "JSON", '{"hero":true}'),
    disabled: { ...typedFlag("disabled", "BOOLEAN", true), enabled: false },
    unparsable: { key: "unparsable", enabled: true, variationType: "STRING", allocations: 5 },
  },
});
/** A bandit model for the variation of the flag `string`. */
const bandits = JSON.stringify({
  bandits: {
    "shoe-bandit": {
      banditKey: "shoe-bandit",
      modelName: "falcon",
      modelVersion: "v1",
      modelData: {
        gamma: 1,
        defaultActionScore: 0,
        actionProbabilityFloor: 0.1,
        coefficients: {},
      },
    },
  },
});
const reference = { flagKey: "string", variationKey: "on", variationValue: "fast_checkout" };
const withBandit = Configuration.from({
  flagsConfiguration: JSON.stringify({
    ...JSON.parse(typed),
    bandits: { "shoe-bandit": [{ key: "shoe-bandit", ...reference }] },
  }),
  banditsConfiguration: bandits,
});
const configuration = Configuration.from({ flagsConfiguration: typed });
const diagnostics = recordDiagnostics();

describe("the module", () => {
  const servers: TestServer[] = [];

  const serverThat = async (reply: Reply | Responder) => {
    const server = await startTestServer(reply);
    servers.push(server);
    return { apiKey: "key", baseUrl: server.url, diagnostics };
  };

  beforeEach(() => forgetInstance());

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  it("creates the instance in init, and returns it before the first configuration", async () => {
    const initializing = module.init(await serverThat(flagsAnswer("fetched")));
    const client = module.getInstance();
    expect(client.getStringAssignment("flag-1", "alice", {}, "default")).toBe("default");
    expect(await initializing).toBe(client);
    expect(client.getStringAssignment("flag-1", "alice", {}, "default")).toBe("fetched");
    await client.close();
  });

  it("replaces the instance and closes the previous one in a second init", async () => {
    const former = await module.init(await serverThat(flagsAnswer("a")));
    const client = await module.init(await serverThat(flagsAnswer("b")));
    expect(module.getInstance()).toBe(client);
    expect(former.status.state).toBe("closed");
    await client.close();
  });

  it("throws an error that explains the problem from getInstance before init", () => {
    expect(() => module.getInstance()).toThrow("init() must be called before getInstance()");
  });

  it.each(["", "  "])("refuses a blank key (%j)", async (apiKey) => {
    await expect(module.init({ apiKey })).rejects.toMatchObject({ option: "apiKey" });
  });

  it("has no applicationLogger", async () => {
    const options = { apiKey: "key", applicationLogger: {} };
    await expect(module.init(options)).rejects.toThrow("applicationLogger: unknown option");
  });
});

describe("the configuration endpoint", () => {
  it("is the vendor's unless a base URL is given", async () => {
    const agent = new MockAgent({ connections: 1 });
    agent.disableNetConnect();
    const paths: string[] = [];
    agent
      .get("https://fscdn.eppo.cloud")
      .intercept({ path: (path) => paths.push(path) > 0 })
      .reply(200, flagsBody("fetched"));
    await using client = createClient({ apiKey: "k", dispatcher: agent, diagnostics });
    expect(await client.waitForInitialization()).toMatchObject({ ready: true });
    expect(paths[0]).toMatch(/^\/api\/flag-config\/v1\/config\?apiKey=k&/);
  });

  it("is below the given base URL", async () => {
    await using server = await startTestServer(flagsAnswer("fetched"));
    await using client = createClient({ apiKey: "k", baseUrl: `${server.url}/copy`, diagnostics });
    await client.waitForInitialization();
    expect(server.requests[0]?.path).toBe("/copy/flag-config/v1/config");
  });
});

describe("polling", () => {
  it.each([
    { random: 0, delayMs: 25_000 },
    { random: 0.5, delayMs: 30_000 },
    { random: 0.75, delayMs: 32_500 },
  ])("is repeated every 30 s, plus or minus 5 s: $delayMs", async ({ random, delayMs }) => {
    await using server = await startTestServer(flagsAnswer("fetched"));
    const delaysMs: number[] = [];
    await using client = createClient({
      apiKey: "k",
      baseUrl: server.url,
      random: () => random,
      clock: {
        setTimer(callback, delayMs) {
          delaysMs.push(delayMs);
          const timer = setTimeout(callback, delayMs);
          return () => clearTimeout(timer);
        },
      },
      diagnostics,
    });
    await client.refresh(); // joins the first check, after which the delay is different
    delaysMs.length = 0;
    await client.refresh();
    expect(delaysMs).toContain(delayMs);
  });

  it("fetches nothing with null, and the wait ends immediately", async () => {
    await using server = await startTestServer(flagsAnswer("fetched"));
    await using client = createClient({
      apiKey: "k",
      baseUrl: server.url,
      pollIntervalMs: null,
      diagnostics,
    });
    expect(await client.waitForInitialization()).toMatchObject({
      ready: false,
      reason: "no-source",
    });
    expect(server.requests).toHaveLength(0);
  });

  it("replaces an initial configuration, which is served until then", async () => {
    await using server = await startTestServer(flagsAnswer("fetched"));
    const initialConfiguration = Configuration.from({ flagsConfiguration: flagsBody("initial") });
    await using client = createClient({
      apiKey: "k",
      baseUrl: server.url,
      initialConfiguration,
      diagnostics,
    });
    const assigned = () => client.getStringAssignment("flag-1", "alice", {}, "default");
    expect(assigned()).toBe("initial");
    await client.refresh();
    expect(assigned()).toBe("fetched");
  });

  it("ends with close", async () => {
    await using server = await startTestServer(flagsAnswer("fetched"));
    const client = createClient({ apiKey: "k", baseUrl: server.url, diagnostics });
    await client.waitForInitialization();
    await client.close();
    expect(client.status).toMatchObject({ state: "closed", nextAttemptInMs: null });
    expect(await client.refresh()).toMatchObject({ outcome: "closed" });
    expect(server.requests).toHaveLength(1);
  });
});

describe("a logger", () => {
  it("may be a class or an object", async () => {
    const events: AssignmentEvent[] = [];
    class MyLogger implements AssignmentLogger {
      logAssignment(event: AssignmentEvent): void {
        events.push(event);
      }
    }
    const object = { logAssignment: (event: AssignmentEvent) => events.push(event) };
    for (const assignmentLogger of [new MyLogger(), object]) {
      await using client = createClient({ initialConfiguration: configuration, assignmentLogger });
      client.getStringAssignment("string", "alice", {}, "default");
    }
    expect(events.map(({ variation }) => variation)).toEqual(["on", "on"]);
  });

  it("receives the fields of the vendor's table, with an ISO time", async () => {
    const events: AssignmentEvent[] = [];
    await using client = createClient({
      initialConfiguration: configuration,
      assignmentLogger: { logAssignment: (event) => events.push(event) },
      clock: { now: () => Date.parse("2026-02-03T04:05:06.007Z") },
    });
    client.getStringAssignment("string", "alice", { plan: "pro" }, "default");
    expect(events).toEqual([
      expect.objectContaining({
        experiment: "string-all-on",
        subject: "alice",
        variation: "on",
        timestamp: "2026-02-03T04:05:06.007Z",
        subjectAttributes: { plan: "pro" },
        featureFlag: "string",
        allocation: "all-on",
      }),
    ]);
  });

  it("may be set later: events logged until then wait for it", async () => {
    const subjects: string[] = [];
    await using client = createClient({ initialConfiguration: configuration });
    client.getStringAssignment("string", "alice", {}, "default");
    client.setAssignmentLogger({ logAssignment: ({ subject }) => subjects.push(subject) });
    expect(subjects).toEqual(["alice"]);
  });

  it("receives the same assignment once, unless deduplication is off", async () => {
    for (const [deduplication, count] of [
      [undefined, 1],
      [false, 2],
    ] as const) {
      const events: AssignmentEvent[] = [];
      await using client = createClient({
        initialConfiguration: configuration,
        assignmentLogger: { logAssignment: (event) => events.push(event) },
        deduplication,
      });
      client.getStringAssignment("string", "alice", {}, "default");
      client.getStringAssignment("string", "alice", {}, "default");
      expect(events).toHaveLength(count);
    }
  });

  it("receives nothing before the first configuration", async () => {
    const events: AssignmentEvent[] = [];
    await using client = createClient({
      apiKey: "k",
      pollIntervalMs: null,
      assignmentLogger: { logAssignment: (event) => events.push(event) },
      diagnostics,
    });
    expect(client.getBooleanAssignment("boolean", "alice", {}, false)).toBe(false);
    expect(client.getIntegerAssignment("integer", "alice", {}, 1)).toBe(1);
    expect(client.getNumericAssignment("numeric", "alice", {}, 1.5)).toBe(1.5);
    expect(client.getStringAssignment("string", "alice", {}, "default")).toBe("default");
    expect(client.getJSONAssignment("json", "alice", {}, null)).toBe(null);
    expect(events).toEqual([]);
  });
});

describe("a Configuration", () => {
  it("returns its bytes unchanged", () => {
    const bytes = new TextEncoder().encode(` ${typed}\n`);
    const { payloads } = Configuration.from({ flagsConfiguration: bytes });
    expect(payloads.map(({ part }) => part)).toEqual(["flags"]);
    expect(payloads[0]?.bytes).toEqual(bytes);
  });

  it("refuses invalid bytes, and names the argument", () => {
    expect(() => Configuration.from({ flagsConfiguration: "no JSON" })).toThrow(
      /^flagsConfiguration: /,
    );
    const banditsConfiguration = "no JSON";
    expect(() => Configuration.from({ flagsConfiguration: typed, banditsConfiguration })).toThrow(
      /^banditsConfiguration: /,
    );
  });

  it("lists every flag, even disabled and unparsable ones", () => {
    expect([...configuration.flagKeys]).toEqual(Object.keys(JSON.parse(typed).flags));
  });

  it("can be set and read at any time", async () => {
    await using client = createClient({ apiKey: "k", pollIntervalMs: null, diagnostics });
    expect(client.getConfiguration()).toBe(null);
    expect(client.isInitialized()).toBe(false);
    expect(client.getFlagKeys().size).toBe(0);
    expect(client.getBanditKeys().size).toBe(0);
    client.setConfiguration(configuration);
    expect(client.getConfiguration()).toBe(configuration);
    expect(client.isInitialized()).toBe(true);
    expect(client.getFlagKeys()).toEqual(configuration.flagKeys);
  });
});

describe("a client of a configuration with bandits", () => {
  it("lists the keys of its bandit models", async () => {
    await using client = createClient({ initialConfiguration: withBandit, assignmentLogger: null });
    expect([...client.getBanditKeys()]).toEqual(["shoe-bandit"]);
  });

  it("passes only assignments to a logger without logBanditAction", async () => {
    const events: object[] = [];
    await using client = createClient({
      initialConfiguration: withBandit,
      assignmentLogger: { logAssignment: (event) => events.push(event) },
    });
    const choose = () => client.getBanditAction("string", "alice", {}, ["nike"], "default");
    expect(choose()).toEqual({ variation: "fast_checkout", action: "nike" });
    expect(events).toEqual([expect.objectContaining({ featureFlag: "string" })]);
  });
});

describe("isInitialized", () => {
  it("is true after the first fetch, even if no flag refers to a bandit", async () => {
    await using server = await startTestServer(flagsAnswer("fetched"));
    await using client = createClient({ apiKey: "k", baseUrl: server.url, diagnostics });
    expect(client.isInitialized()).toBe(false);
    await client.waitForInitialization();
    expect(client.isInitialized()).toBe(true);
  });
});

describe("waitForInitialization", () => {
  it("ends without throwing when the key is refused", async () => {
    await using server = await startTestServer(status(401));
    await using client = createClient({ apiKey: "k", baseUrl: server.url, diagnostics });
    expect(await client.waitForInitialization({ timeoutMs: 20_000 })).toMatchObject({
      ready: false,
      reason: "unauthorized",
      error: { code: "SORTITION_UNAUTHORIZED" },
    });
  });
});

describe("getters", () => {
  it("return a value of their type, with the arguments flag, subject, attributes, default", async () => {
    await using client = createClient({
      initialConfiguration: configuration,
      assignmentLogger: null,
    });
    expect(client.getBooleanAssignment("boolean", "alice", {}, false)).toBe(true);
    expect(client.getIntegerAssignment("integer", "alice", {}, 1)).toBe(3);
    expect(client.getNumericAssignment("numeric", "alice", {}, 1)).toBe(2.5);
    expect(client.getStringAssignment("string", "alice", {}, "default")).toBe("fast_checkout");
    expect(client.getJSONAssignment("json", "alice", {}, { hero: false })).toEqual({ hero: true });
  });

  it("have variants that return value, action and details", async () => {
    await using client = createClient({
      initialConfiguration: configuration,
      assignmentLogger: null,
    });
    const matched = { action: null, evaluationDetails: { flagEvaluationCode: "MATCH" } };
    const of = { ...matched, reason: "static" };
    expect(client.getBooleanAssignmentDetails("boolean", "alice", {}, false)).toMatchObject({
      ...of,
      value: true,
    });
    expect(client.getIntegerAssignmentDetails("integer", "alice", {}, 1)).toMatchObject({
      ...of,
      value: 3,
    });
    expect(client.getNumericAssignmentDetails("numeric", "alice", {}, 1)).toMatchObject({
      ...of,
      value: 2.5,
    });
    expect(client.getStringAssignmentDetails("string", "alice", {}, "default")).toMatchObject({
      ...of,
      value: "fast_checkout",
    });
    expect(client.getJSONAssignmentDetails("json", "alice", {}, null)).toMatchObject({
      ...of,
      value: { hero: true },
    });
  });

  it.each([null, undefined])("accept %s instead of attributes", async (attributes) => {
    await using client = createClient({
      initialConfiguration: configuration,
      assignmentLogger: null,
    });
    expect(client.getStringAssignment("string", "alice", attributes, "x")).toBe("fast_checkout");
  });

  it("never compare a missing attribute with the string null", async () => {
    const rule = (attribute: string, value: string) => ({
      conditions: [{ attribute, operator: "ONE_OF", value: [value] }],
    });
    const body = JSON.parse(flagsBody("matched"));
    body.flags["flag-1"].allocations[0].rules = [rule("plan", "null"), rule("is_member", "true")];
    const initialConfiguration = Configuration.from({ flagsConfiguration: JSON.stringify(body) });
    await using client = createClient({ initialConfiguration, assignmentLogger: null });
    const of = (attributes: Record<string, null | boolean | undefined>) =>
      client.getStringAssignment("flag-1", "alice", attributes, "default");
    expect(of({ plan: null })).toBe("default");
    expect(of({ plan: undefined })).toBe("default");
    expect(of({ is_member: true })).toBe("matched");
  });
});

describe("graceful mode", () => {
  it("is on by default, and can be switched at any time", async () => {
    await using client = createClient({
      initialConfiguration: configuration,
      assignmentLogger: null,
      diagnostics,
    });
    const wrongType = () => client.getBooleanAssignment("string", "alice", {}, false);
    expect(wrongType()).toBe(false);
    client.setIsGracefulMode(false);
    expect(wrongType).toThrow(expect.objectContaining({ code: "SORTITION_TYPE_MISMATCH" }));
    client.setIsGracefulMode(true);
    expect(wrongType()).toBe(false);

    await using strict = createClient({
      initialConfiguration: configuration,
      assignmentLogger: null,
      isGracefulMode: false,
      diagnostics,
    });
    expect(() => strict.getBooleanAssignment("string", "alice", {}, false)).toThrow();
  });
});
