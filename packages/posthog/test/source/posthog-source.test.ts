import { type Client, createClient } from "@sortition/core";
import { createClient as createNodeClient } from "@sortition/node";
import { type Reply, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { posthog } from "../../src/dialect.js";
import { type PosthogSourceOptions, posthogOrigin, posthogSource } from "../../src/source.js";

const KEYS = { projectApiKey: "phc_key", secretKey: "phs_secret" };

function definitions(etag: string, isOn = true): Reply {
  const flag = { id: 1, key: "flag", active: isOn, filters: { groups: [{}] } };
  return { kind: "answer", body: JSON.stringify({ flags: [flag] }), headers: { etag } };
}

const unchanged = (headers: Readonly<Record<string, string>> = {}): Reply => ({
  kind: "answer",
  status: 304,
  headers,
});

describe("posthogSource", () => {
  let server: TestServer;
  let client: Client | null = null;

  beforeEach(async () => {
    server = await startTestServer(definitions('"v1"'));
  });

  afterEach(async () => {
    await client?.close();
    await server.close();
  });

  async function start(options: Partial<PosthogSourceOptions> = {}): Promise<Client> {
    const source = posthogSource({ ...KEYS, host: server.url, ...options });
    const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
    const base = { dialect: posthog(), diagnostics, assignmentLogger: null };
    client = createClient({ ...base, source }) as Client;
    await client.waitForInitialization();
    await new Promise(setImmediate); // waits for the end of the attempt, which a refresh would join
    return client;
  }

  const isOn = (it: Client): boolean => it.getBooleanAssignment("flag", "alice", {}, false);

  it("polls the definitions with both keys, and has no stream", async () => {
    const it = await start({ pollIntervalMs: 100, headers: { "x-team": "shop" } });
    expect([isOn(it), it.status.stream]).toEqual([true, null]);
    server.respond(definitions('"v2"', false));
    await expect.poll(() => isOn(it)).toBe(false);
    const { headers, target } = await server.request(1);
    expect(target).toBe("/flags/definitions?token=phc_key&send_cohorts");
    expect([headers.authorization, headers["x-team"]]).toEqual(["Bearer phs_secret", "shop"]);
  });

  it("sends the ETag of the last 304, until definitions have another one", async () => {
    const answers = [
      definitions('"v1"'),
      unchanged({ etag: '"v2"' }),
      unchanged(),
      definitions('"v3"', false),
      unchanged(),
    ];
    server.respond(() => answers.shift() ?? unchanged());
    const it = await start({ pollIntervalMs: null });
    for (let i = 0; i < 5; i++) await it.refresh();
    const etags = server.requests.map(({ headers }) => headers["if-none-match"]);
    expect(etags).toEqual([undefined, '"v1"', '"v2"', '"v2"', '"v3"']);
    expect(isOn(it)).toBe(false);
  });

  it.each([401, 402, 403])(
    "keeps serving its definitions after %i, and polls slowly",
    async (status) => {
      const it = await start({ pollIntervalMs: 100 });
      server.respond({ kind: "answer", status });
      const { outcome } = await it.refresh();
      expect([outcome, isOn(it)]).toEqual(["failed", true]);
      const kind = status === 402 ? "rejected" : "unauthorized";
      const { signal } = new AbortController();
      const origin = posthogOrigin({ ...KEYS, host: server.url });
      expect(await origin.fetchOnce(null, { signal })).toMatchObject({ failure: { kind } });
      server.respond(definitions('"v2"', false));
      await it.refresh();
      expect(isOn(it)).toBe(false);
    },
  );
});

describe("the options", () => {
  it.each<{ options: object; message: string }>([
    {
      options: { streaming: true },
      message:
        "streaming: unknown option; PostHog's server has no stream, so its definitions are polled, see https://github.com/sortition/sortition/blob/main/docs/guides/production.md#stream-changes",
    },
    { options: { projectApiKey: " " }, message: "projectApiKey: expected a non-empty string" },
    { options: { projectApiKey: '"phc_key"' }, message: "projectApiKey: is in quotes" },
    { options: { secretKey: "phs_a phs_b" }, message: "secretKey: contains spaces" },
    { options: { secretKey: undefined }, message: "secretKey: expected a non-empty string" },
    { options: { secretKey: "phc_key" }, message: "secretKey: expected a secret key" },
    { options: { projectApiKey: "phx_key" }, message: "projectApiKey: expected phc_…; phx_… is a" },
    { options: { projectApiKey: "phs_key" }, message: "projectApiKey: expected phc_…; phs_… is a" },
    { options: { host: "" }, message: "host: is blank: is the environment variable" },
    { options: { host: "https://u:p@h" }, message: "host: must not contain credentials" },
    { options: { host: "us" }, message: "host: expected an address" },
    { options: { host: 1 }, message: "host: expected an address" },
    { options: { personalApiKey: "phx" }, message: "use secretKey" },
    { options: { apiKey: "phx" }, message: "apiKey: unknown option" },
    { options: { pollIntervalMs: 1 }, message: "pollIntervalMs" },
    { options: { requestTimeoutMs: 0 }, message: "requestTimeoutMs" },
  ])("$options are rejected", ({ message, options }) => {
    const all = { ...KEYS, ...options } as PosthogSourceOptions;
    expect(() => posthogSource(all)).toThrow(message);
  });

  it("of the dialect never include a secret key as the project's", () => {
    const make = () => posthog({ projectApiKey: "phx_secret" });
    expect(make).toThrow("projectApiKey: expected phc_…; phx_… is a secret key");
    expect(make).not.toThrow(/phx_secret/);
  });

  it("include the region of the dialect", () => {
    expect(posthog().defaultBaseUrl("phx")).toBe("https://us.i.posthog.com");
    expect(posthog({ region: "eu" }).defaultBaseUrl("phx")).toBe("https://eu.i.posthog.com");
    expect(() => posthog({ region: "xx" as "eu" })).toThrow("region");
  });

  it("name cache entries without a key, by default for the US host", () => {
    const { scope } = posthogOrigin(KEYS);
    const { scope: ofApp } = posthogOrigin({ ...KEYS, host: "https://us.posthog.com/" });
    expect([ofApp, scope.includes("phs_")]).toEqual([scope, false]);
  });

  it("do not load the dialect, so a client without it is rejected", () => {
    expect(() => createNodeClient({ source: posthogSource(KEYS) })).toThrow(
      "dialect: is missing: the source only knows the addresses of posthog, so pass dialect: posthog()",
    );
  });
});
