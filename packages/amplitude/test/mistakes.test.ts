import { inspect } from "node:util";
import { startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  Experiment,
  type ExperimentUser,
  LocalEvaluationClient,
  type LocalEvaluationConfig,
  LogLevel,
  RemoteEvaluationClient,
} from "../src/index.js";
import { flagOf } from "./client/local/flags.js";

const FLAGS = [flagOf("checkout"), { ...flagOf("banner"), dependencies: ["checkout"] }];
const ALICE = { user_id: "alice" };

let server: TestServer;
let lines: string[];
const clients: LocalEvaluationClient[] = [];

const at = (level: string) => (message?: string) => void lines.push(`${level} ${message}`);
const loggerProvider = {
  ...{ verbose: at("verbose"), debug: at("debug"), info: at("info") },
  ...{ warn: at("warn"), error: at("error") },
};

function local(config: LocalEvaluationConfig = {}): LocalEvaluationClient {
  const client = new LocalEvaluationClient("deployment-key", {
    ...{ serverUrl: server.url, loggerProvider },
    ...config,
  });
  clients.push(client);
  return client;
}

async function started(config: LocalEvaluationConfig = {}): Promise<LocalEvaluationClient> {
  const client = local(config);
  await client.start();
  return client;
}

const remote = (): RemoteEvaluationClient =>
  new RemoteEvaluationClient("deployment-key", {
    ...{ serverUrl: server.url, loggerProvider, fetchRetries: 0 },
  });

beforeEach(async () => {
  server = await startTestServer(({ path }) => ({
    kind: "answer",
    body: JSON.stringify(path === "/sdk/v2/flags" ? FLAGS : { checkout: { key: "on" } }),
  }));
  lines = [];
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.stop();
  await server.close();
});

describe("a flag that does not exist", () => {
  it("is reported once, with the key that was probably meant, at the default level", async () => {
    const client = await started();
    for (let i = 0; i < 3; i++) expect(client.evaluateV2(ALICE, ["chekout"])).toEqual({});
    await client.evaluate(ALICE, ["chekout"]);
    expect(lines).toEqual(['warn [Experiment] no such flag "chekout", did you mean "checkout"?']);
  });

  it("is detected next to a flag with a dependency, although the number of results matches", async () => {
    const client = await started();
    expect(Object.keys(client.evaluateV2(ALICE, ["banner", "bannr"]))).toHaveLength(2);
    expect(lines).toEqual(['warn [Experiment] no such flag "bannr", did you mean "banner"?']);
  });

  it("is reported to the user's own logger, but not if logging is disabled", async () => {
    const told: string[] = [];
    const logger = { debug() {}, info() {}, warn: (text: string) => told.push(text), error() {} };
    (await started({ loggerProvider: undefined, logger })).evaluateV2(ALICE, ["chekout"]);
    expect(told).toHaveLength(1);
    (await started({ logLevel: LogLevel.Disable })).evaluateV2(ALICE, ["chekout"]);
    expect(lines).toEqual([]);
  });
});

describe("a call without a mistake", () => {
  it.each([
    { user: ALICE },
    { user: { device_id: "d" } },
    { user: { user_id: 42 } },
    { user: { groups: { org: ["acme"] } } },
    { user: {} },
  ])("is not reported: $user", async ({ user }) => {
    (await started()).evaluateV2(user as ExperimentUser, ["checkout"]);
    await remote().fetchV2(user as ExperimentUser, { flagKeys: ["checkout", "of-others"] });
    expect(lines).toEqual([]);
  });

  it("is not reported before start, with bootstrap flags or without", () => {
    const client = local({ bootstrap: { checkout: flagOf("checkout") } });
    expect(client.evaluateV2(ALICE, ["checkout"])).toHaveProperty("checkout");
    local().evaluateV2(ALICE, ["checkout"]);
    expect(lines).toEqual([]);
  });

  it("may have flag keys of any type", async () => {
    const client = await started();
    const keys: readonly unknown[] = [undefined, Symbol("s"), Object.create(null)];
    for (const key of keys) expect(client.evaluateV2(ALICE, [key as string])).toEqual({});
    client.evaluateV2(ALICE, "checkout" as never);
    expect(lines).toEqual([]);
  });
});

it("a missing deployment key is reported when a local client is created, and by each remote fetch", async () => {
  const key = undefined as never;
  new LocalEvaluationClient(key, { loggerProvider });
  expect(lines).toEqual([expect.stringMatching(/variable .* set\?/)]);
  await expect(new RemoteEvaluationClient(key).fetchV2(ALICE)).rejects.toThrow(/variable .* set\?/);
});

describe("an option that the vendor's client accepts", () => {
  it("is reported if it is blank, or a key of another kind", () => {
    new LocalEvaluationClient("client-abc", {
      loggerProvider,
      logLevel: LogLevel.Warn,
      serverUrl: "",
    });
    expect(lines.join("\n")).toContain(
      "serverUrl is blank, so the vendor's address is used: is the environment variable",
    );
    expect(lines.join("\n")).toContain("expected the key of a server deployment (server-…)");
    expect(lines.join("\n")).not.toContain("client-abc");
  });
});

describe("console.log of a client", () => {
  it("shows the state of a local client but no key", async () => {
    const client = local();
    expect(inspect(client)).toMatch(
      /^LocalEvaluationClient \{\s+state: 'created',\s+flags: 0,\s+cohorts: 0,\s+ageMs: null/,
    );
    const starting = client.start();
    expect(inspect(client)).toContain("state: 'starting'");
    await starting;
    expect(inspect(client)).toMatch(/state: 'running',\s+flags: 2/);
    expect(inspect(client)).toMatch(/ageMs: \d/);
    client.stop();
    expect(inspect(client)).toContain("state: 'stopped'");
    expect(inspect(client) + JSON.stringify(client)).not.toContain("deployment-key");
    expect(Object.keys(client)).toEqual(["cache", "cohortStorage"]);
  });

  it("shows the fetches of a remote client but no key", async () => {
    const client = remote();
    await client.fetchV2(ALICE);
    server.respond({ kind: "answer", status: 400 });
    await client.fetchV2(ALICE).catch(() => {});
    const answering = client.fetchV2(ALICE).catch(() => {});
    expect(inspect(client)).toBe("RemoteEvaluationClient { answered: 1, failed: 1, underWay: 1 }");
    await answering;
    expect(Object.keys(client)).toEqual([]);
  });
});

describe("a later call of initializeLocal or initializeRemote for the same key", () => {
  it.each(["initializeLocal", "initializeRemote"] as const)(
    "has its options ignored, which is reported once: %s",
    (initialize) => {
      const options = { serverUrl: server.url, loggerProvider, debug: false };
      const key = `${initialize}-${server.url}`;
      const client = Experiment[initialize](key, { ...options });
      // There is nothing to report without options, or with the same ones.
      for (const same of [undefined, {}, { ...options }]) {
        expect(Experiment[initialize](key, same)).toBe(client);
      }
      expect(lines).toEqual([]);
      for (let i = 0; i < 2; i++) {
        const other = { ...options, serverUrl: "http://other.test", debug: true };
        expect(Experiment[initialize](key, other)).toBe(client);
      }
      expect(lines).toEqual([
        "warn [Experiment] options of a later call are ignored: serverUrl, debug; there is one client for each key and instanceName, so pass another instanceName",
      ]);
    },
  );

  it("compares the content of its options", () => {
    const cohortSyncConfig = { apiKey: "a", secretKey: "s" };
    const key = `content-${server.url}`;
    const options = { loggerProvider, cohortSyncConfig };
    Experiment.initializeLocal(key, options);
    Experiment.initializeLocal(key, { loggerProvider, cohortSyncConfig: { ...cohortSyncConfig } });
    expect(lines).toEqual([]);
    Experiment.initializeLocal(key, { cohortSyncConfig: { apiKey: "a", secretKey: "new-secret" } });
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain("new-secret");
  });
});
