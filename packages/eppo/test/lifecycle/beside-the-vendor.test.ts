import {
  isInPart,
  isWhole,
  type Reply,
  startTestServer,
  type TestServer,
  waitInTurns,
} from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { IClientConfig } from "../../src/index.js";
import { OURS, VENDOR } from "../sdks.js";

const FLAGS = {
  kind: "answer" as const,
  body: JSON.stringify({
    createdAt: "2026-01-01T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags: {},
    banditReferences: {
      bandit: {
        modelVersion: "v1",
        flagVariations: [{ key: "bandit", flagKey: "f", variationKey: "v", variationValue: "v" }],
      },
    },
  }),
} satisfies Reply;
const MODELS: Reply = { kind: "answer", body: JSON.stringify({ bandits: {} }) };
const OTHER_FLAGS: Reply = {
  ...FLAGS,
  body: (FLAGS.body as string).replace(
    '"flags":{}',
    '"flags":{"of-the-other":{"key":"of-the-other","enabled":false,"variationType":"STRING","variations":{},"allocations":[],"totalShards":1}}',
  ),
};
const FAILURE: Reply = { kind: "answer", status: 503 };
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** A model that prefers the action `a` if the intercept is positive. */
function modelOf(intercept: number): object {
  const none = {
    ...{ subjectNumericCoefficients: [], subjectCategoricalCoefficients: [] },
    ...{ actionNumericCoefficients: [], actionCategoricalCoefficients: [] },
  };
  const coefficients = { a: { actionKey: "a", intercept, ...none } };
  const modelData = { gamma: 1, defaultActionScore: 0, actionProbabilityFloor: 0, coefficients };
  return { banditKey: "bandit", modelName: "falcon", modelVersion: "v1", modelData };
}

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer(FLAGS);
});
afterEach(() => server.close());

/** Counts requests for flags, which are followed by those for bandits. */
function looks(): number {
  return server.requests.filter(({ path }) => path.endsWith("/config")).length;
}

function serve(flags: Reply, models: Reply = MODELS): void {
  server.respond(({ path }) => (path.endsWith("/bandits") ? models : flags));
}

// The vendor's package is the same in each run of `npm test`.
describe.each(isWhole ? [VENDOR, OURS] : [OURS])("init of $name", ({ name, sdk }) => {
  const config = (): IClientConfig => ({
    apiKey: "key",
    baseUrl: `${server.url}/api`,
    assignmentLogger: { logAssignment() {} },
    pollingIntervalMs: 20,
    ...(name === "ours" ? { diagnostics: quiet } : {}),
  });

  it.each<{ what: string; reply: Reply; message: string; status: number }>([
    {
      what: "500",
      reply: { kind: "answer", status: 500 },
      message: "Failed to fetch data",
      status: 500,
    },
    {
      what: "401",
      reply: { kind: "answer", status: 401 },
      message: "Failed to fetch data",
      status: 401,
    },
    { what: "a broken connection", reply: { kind: "reset" }, message: "Network error", status: 0 },
    { what: "no answer", reply: { kind: "hang" }, message: "Request timed out", status: 408 },
    {
      what: "garbage",
      reply: { kind: "answer", body: "<html>" },
      message: "Network error",
      status: 0,
    },
  ])("rejects after a second attempt for $what", async ({ message, reply, status }) => {
    server.respond(reply);
    const start = sdk.init({ ...config(), requestTimeoutMs: reply.kind === "hang" ? 200 : 20_000 });
    await expect(start).rejects.toMatchObject({ message, status });
    expect(looks()).toBe(2);
    // The client can still be used.
    const client = sdk.getInstance();
    expect(client.getStringAssignment("f", "alice", {}, "default")).toBe("default");
    await waitInTurns(60);
    expect(looks()).toBe(2);
  });

  it("rejects without a key", async () => {
    const start = sdk.init({ ...config(), apiKey: "" });
    await expect(start).rejects.toThrow(/^API key is required/);
  });

  it("rejects if the bandits cannot be fetched", async () => {
    serve(FLAGS, FAILURE);
    await expect(sdk.init(config())).rejects.toMatchObject({ status: 503 });
    expect(server.requests.map(({ path }) => path.split("/").at(-1))).toEqual([
      ...["config", "bandits", "config", "bandits"],
    ]);
  });

  const bodies = '{} {"bandits":null} {"bandits":[]} {"bandits":"text"} [] null 5'.split(" ");
  it.each(bodies.filter((_, i) => isInPart(i)))(
    "serves flags if the bandits are %s, at the start and later",
    async (body) => {
      serve(FLAGS, { kind: "answer", body });
      const client = await sdk.init(config());
      expect(client.getFlagKeys()).toEqual([]);
      serve(OTHER_FLAGS, { kind: "answer", body });
      await vi.waitFor(() => expect(client.getFlagKeys()).toEqual(["of-the-other"]));
      client.stopPolling();
      // The models are requested again until there are some.
      expect(server.requests.length).toBeGreaterThan(looks() + 1);
    },
  );

  it.each(["in an attempt", "between attempts"])(
    "makes all attempts if polling is stopped %s, but does not poll",
    async (when) => {
      const retries = { numInitialRequestRetries: 2, pollAfterFailedInitialization: true };
      const client = await sdk.init({ ...config(), ...retries, pollingIntervalMs: 400 });
      client.stopPolling();
      const before = looks();
      server.respond(({ path }) => {
        if (path.endsWith("/bandits")) return MODELS;
        return looks() < before + 3 ? FAILURE : OTHER_FLAGS;
      });
      const start = client.fetchFlagConfigurations();
      if (when === "between attempts") {
        await vi.waitFor(() => expect(looks()).toBe(before + 1), { interval: 1 });
        await waitInTurns(10);
      }
      client.stopPolling();
      await start;
      expect(client.getFlagKeys()).toEqual(["of-the-other"]);
      await waitInTurns(900);
      expect(looks()).toBe(before + 3);
    },
  );

  it("polls at the interval, until stopPolling", async () => {
    serve(FLAGS);
    const client = await sdk.init({ ...config(), pollingIntervalMs: 50 });
    await vi.waitFor(() => expect(looks()).toBeGreaterThan(6));
    client.stopPolling();
    await waitInTurns(100); // a poll may be in flight
    const atMs = server.requests
      .filter(({ path }) => path.endsWith("/config"))
      .map((it) => it.atMs);
    // At least six intervals, each with its spread. A busy machine is late.
    expect((atMs.at(-1) ?? 0) - (atMs[0] ?? 0)).toBeGreaterThan(6 * 35);
    const polls = looks();
    await waitInTurns(150);
    expect(looks()).toBe(polls);
    // Models whose version is loaded are not fetched again. These have no version.
    expect(server.requests.length).toBe(2 * looks());
  });

  it("polls again after fetchFlagConfigurations", async () => {
    serve(FLAGS);
    const client = await sdk.init(config());
    client.stopPolling();
    await client.fetchFlagConfigurations();
    const before = looks();
    await vi.waitFor(() => expect(looks()).toBeGreaterThan(before + 2));
    client.stopPolling();
  });

  it.each(["", '"1"'])(
    "requests and uses models again with fetchFlagConfigurations: flags with etag %s",
    async (etag) => {
      const models = (intercept: number): Reply => ({
        kind: "answer",
        body: JSON.stringify({ bandits: { bandit: modelOf(intercept) } }),
      });
      const flags = etag === "" ? FLAGS : { ...FLAGS, headers: { etag } };
      serve(flags, models(1));
      const client = await sdk.init(config());
      client.stopPolling();
      const paths = (): string[] => server.requests.map(({ path }) => path.split("/").at(-1) ?? "");
      const best = (): string => client.getBestAction("f", {}, ["a", "b"], "none");
      expect([paths(), best()]).toEqual([["config", "bandits"], "a"]);
      serve(flags, models(-1));
      await client.fetchFlagConfigurations();
      client.stopPolling();
      expect([paths().slice(2), best()]).toEqual([["config", "bandits"], "b"]);
      serve(flags, { kind: "answer", body: "{}" });
      await client.fetchFlagConfigurations();
      client.stopPolling();
      expect([paths().slice(4), best()]).toEqual([["config", "bandits"], "b"]);
    },
  );

  it("stops polling after numPollRequestRetries further failures", async () => {
    serve(FLAGS);
    const client = await sdk.init({ ...config(), numPollRequestRetries: 2 });
    server.respond(FAILURE);
    const before = looks();
    await vi.waitFor(() => expect(looks()).toBeGreaterThanOrEqual(before + 3));
    await waitInTurns(250);
    expect(looks()).toBe(before + 3);
    client.stopPolling();
  });

  it.each(["{}", "[]", "null", '"text"', '{"flags":null}', '{"flags":[]}'])(
    "does not treat a response without flags as a failed poll: %s",
    async (body) => {
      serve(FLAGS);
      const client = await sdk.init({ ...config(), numPollRequestRetries: 1 });
      server.respond({ kind: "answer", body });
      const before = looks();
      await vi.waitFor(() => expect(looks()).toBeGreaterThan(before + 3));
      client.stopPolling();
    },
  );

  it.each(isWhole ? ["{}", "null"] : ["{}"])(
    "polls at the interval after responses without flags: %s",
    async (body) => {
      serve(FLAGS);
      // Our client would repeat a failed poll after 100 ms.
      const client = await sdk.init({ ...config(), pollingIntervalMs: 300, random: () => 0.1 });
      server.respond({ kind: "answer", body });
      await vi.waitFor(() => expect(looks()).toBeGreaterThan(4));
      client.stopPolling();
      const atMs = server.requests
        .filter(({ path }) => path.endsWith("/config"))
        .map((it) => it.atMs);
      // If a busy machine is late with one poll, it is early with the next.
      expect((atMs.at(-1) ?? 0) - (atMs[0] ?? 0)).toBeGreaterThan((atMs.length - 1) * 200);
    },
  );

  it("counts failed polls from the last response, even one without flags", async () => {
    serve(FLAGS);
    const client = await sdk.init({ ...config(), numPollRequestRetries: 1 });
    const replies: Reply[] = [FAILURE, { kind: "answer", body: "{}" }];
    let polls = 0;
    server.respond(() => replies[polls++] ?? FAILURE);
    await vi.waitFor(() => expect(polls).toBeGreaterThanOrEqual(4));
    await waitInTurns(250);
    expect(polls).toBe(4);
    client.stopPolling();
  });

  it("does not count the failed start as a failed poll", async () => {
    server.respond(FAILURE);
    const client = await sdk.init({
      ...config(),
      throwOnFailedInitialization: false,
      pollAfterFailedInitialization: true,
      numInitialRequestRetries: 0,
      numPollRequestRetries: 2,
    });
    await vi.waitFor(() => expect(looks()).toBeGreaterThanOrEqual(4));
    await waitInTurns(250);
    expect(looks()).toBe(4);
    client.stopPolling();
  });

  it("uses other rules after setConfigurationRequestParameters", async () => {
    serve(FLAGS);
    const client = await sdk.init(config());
    client.stopPolling();
    const before = looks();
    client.setConfigurationRequestParameters({
      apiKey: "key",
      baseUrl: `${server.url}/api`,
      sdkName: "node-server-sdk",
      sdkVersion: "1",
      numInitialRequestRetries: 2,
      pollingIntervalMs: 20,
    });
    server.respond(FAILURE);
    await client.fetchFlagConfigurations();
    await waitInTurns(60);
    expect(looks() - before).toBe(3);
  });

  it.each([undefined, null, 0, "", false].filter((_, i) => isInPart(i)))(
    "stops fetching after setConfigurationRequestParameters(%j)",
    async (parameters) => {
      serve(FLAGS);
      const client = await sdk.init(config());
      client.stopPolling();
      const before = looks();
      client.setConfigurationRequestParameters(parameters as never);
      for (let i = 0; i < 2; i++) {
        await expect(client.fetchFlagConfigurations()).rejects.toThrow("request parameters");
      }
      expect(looks()).toBe(before);
      const { baseUrl } = config();
      const names = { sdkName: "name", sdkVersion: "1" };
      client.setConfigurationRequestParameters({ apiKey: "key", baseUrl, ...names } as never);
      await client.fetchFlagConfigurations();
      expect(looks()).toBe(before + 1);
    },
  );

  it("passes its request parameters on to copies", async () => {
    serve(FLAGS);
    const client = await sdk.init(config());
    client.stopPolling();
    const fetched = async (parameters: unknown): Promise<string | number> => {
      client.setConfigurationRequestParameters(parameters as never);
      const copy = client.withOverrides({ other: { key: "k", value: "v" } });
      const before = looks();
      try {
        await copy.fetchFlagConfigurations();
        return looks() - before;
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(await fetched(undefined)).toMatch(/without configuration request parameters$/);
    server.respond(FAILURE);
    const names = { apiKey: "key", sdkName: "name", sdkVersion: "1", pollingIntervalMs: 20 };
    const retries = { baseUrl: `${server.url}/api`, numInitialRequestRetries: 3 };
    expect(await fetched({ ...names, ...retries })).toBe(4);
  });

  it("uses another server, key and time-out after setConfigurationRequestParameters", async () => {
    serve(FLAGS);
    const client = await sdk.init(config());
    const other = await startTestServer({ kind: "hang" });
    try {
      client.setConfigurationRequestParameters({
        apiKey: "other",
        baseUrl: `${other.url}/api`,
        sdkName: "node-server-sdk",
        sdkVersion: "1",
        requestTimeoutMs: 1_000,
        numInitialRequestRetries: 0,
        throwOnFailedInitialization: true,
      });
      const before = looks();
      await vi.waitFor(() => expect(looks()).toBeGreaterThan(before)); // the previous parameters are used until then
      await expect(client.fetchFlagConfigurations()).rejects.toMatchObject({ status: 408 });
      other.respond(({ path }) => (path.endsWith("/bandits") ? MODELS : OTHER_FLAGS));
      const asked = looks();
      await client.fetchFlagConfigurations();
      expect(client.getFlagKeys()).toEqual(["of-the-other"]);
      expect(other.requests.map(({ path, query }) => [path, query.get("apiKey")])).toEqual([
        ["/api/flag-config/v1/config", "other"],
        ["/api/flag-config/v1/config", "other"],
        ["/api/flag-config/v1/bandits", "other"],
      ]);
      expect(other.requests.map(({ headers }) => headers["if-none-match"])).toEqual([
        ...[undefined, undefined, undefined],
      ]);
      expect(looks() - asked).toBeLessThanOrEqual(1); // one request may already be in flight
    } finally {
      await other.close();
    }
  });
});
