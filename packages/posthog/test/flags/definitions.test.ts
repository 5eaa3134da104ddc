import { createClient } from "@sortition/core";
import { httpOrigin, pollingSource } from "@sortition/node/internal";
import { type Reply, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, describe, expect, it, vi } from "vitest";
import { posthog } from "../../src/dialect.js";
import { PostHog, type PostHogOptions } from "../../src/index.js";

const BODY = JSON.stringify({
  flags: [{ id: 1, key: "on", active: true, filters: { groups: [{}] } }],
  group_type_mapping: {},
  cohorts: {},
});
const DEFINITIONS: Reply = { kind: "answer", body: BODY, headers: { etag: '"v1"' } };
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

const open: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const it of open.splice(0)) await it.close();
  vi.restoreAllMocks();
});

async function serve(first: Parameters<typeof startTestServer>[0]): Promise<TestServer> {
  const server = await startTestServer(first);
  open.push(server);
  return server;
}

function clientOf(server: TestServer, options: PostHogOptions = {}): PostHog {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const client = new PostHog("phc_key", {
    host: server.url,
    secretKey: "phx_secret",
    strictLocalEvaluation: true,
    sendFeatureFlagEvent: false,
    featureFlagsPollingInterval: null,
    ...options,
  });
  client.on("error", () => {});
  open.unshift({ close: () => client.shutdown(500) });
  return client;
}

/** Waits for the first definitions, and for the end of their load. */
async function ready(client: PostHog): Promise<boolean> {
  const isReady = await client.waitForLocalEvaluationReady();
  await new Promise(setImmediate);
  return isReady;
}

const asked = async (client: PostHog): Promise<unknown> => client.getFeatureFlag("on", "user");

describe("the request for definitions", () => {
  it("equals the vendor's, both by the class and by the native client", async () => {
    const server = await serve(DEFINITIONS);
    const client = clientOf(server);
    expect(await ready(client)).toBe(true);
    const dialect = posthog({ projectApiKey: "phc_key" });
    const origin = httpOrigin({ dialect, apiKey: "phx_secret", baseUrl: server.url });
    const native = createClient({ dialect, source: pollingSource(origin), diagnostics: SILENT });
    open.unshift({ close: () => native.close({ timeoutMs: 500 }) });
    await native.waitForInitialization({ timeoutMs: 20_000 });
    expect(native.getBooleanAssignment("on", "user", {}, false)).toBe(true);
    expect(server.requests.map(({ method, target }) => `${method} ${target}`)).toEqual([
      "GET /flags/definitions?token=phc_key&send_cohorts",
      "GET /flags/definitions?token=phc_key&send_cohorts",
    ]);
    for (const { headers } of server.requests) {
      expect(headers.authorization).toBe("Bearer phx_secret");
    }
  });

  it("is sent to the region of the dialect", () => {
    expect(posthog().defaultBaseUrl("phx")).toBe("https://us.i.posthog.com");
    expect(posthog({ region: "eu" }).defaultBaseUrl("phx")).toBe("https://eu.i.posthog.com");
    expect(() => posthog({ region: "xx" as "eu" })).toThrow("region");
  });

  it("has the last ETag, and definitions are kept after 304", async () => {
    const server = await serve((request) =>
      request.headers["if-none-match"] === '"v1"' ? { kind: "answer", status: 304 } : DEFINITIONS,
    );
    const client = clientOf(server);
    await ready(client);
    await client.reloadFeatureFlags();
    expect(server.requests.map(({ headers }) => headers["if-none-match"])).toEqual([
      undefined,
      '"v1"',
    ]);
    expect(await asked(client)).toBe(true);
  });

  it("has no ETag if the definitions have an empty one, as in the vendor's SDK", async () => {
    const server = await serve({ ...DEFINITIONS, headers: { etag: "" } });
    const client = clientOf(server);
    await ready(client);
    await client.reloadFeatureFlags();
    expect(server.requests.map(({ headers }) => headers["if-none-match"])).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("has the ETag of the last 304, until definitions have another one", async () => {
    const answers: Reply[] = [
      DEFINITIONS,
      { kind: "answer", status: 304, headers: { etag: '"v2"' } },
      { kind: "answer", status: 304 },
      { kind: "answer", body: BODY, headers: { etag: '"v3"' } },
      { kind: "answer", status: 304 },
    ];
    const server = await serve(() => answers.shift() ?? DEFINITIONS);
    const client = clientOf(server);
    await ready(client);
    for (let i = 0; i < 5; i++) await client.reloadFeatureFlags();
    expect(server.requests.map(({ headers }) => headers["if-none-match"])).toEqual([
      ...[undefined, '"v1"', '"v2"', '"v2"', '"v3"', '"v3"'],
    ]);
  });

  it("is repeated at the interval", async () => {
    const server = await serve(DEFINITIONS);
    clientOf(server, { featureFlagsPollingInterval: 100 });
    await server.request(3);
    const [, second, third] = server.requests;
    expect((third?.atMs ?? 0) - (second?.atMs ?? 0)).toBeGreaterThan(70);
  });

  it("is sent once for all waiting callers", async () => {
    const server = await serve(DEFINITIONS);
    const client = clientOf(server);
    expect(await Promise.all([asked(client), asked(client), asked(client)])).toEqual([
      true,
      true,
      true,
    ]);
    expect(server.requests).toHaveLength(1);
  });
});

describe("a refusal", () => {
  it.each([401, 403, 429])("%i delays loads on demand, but not a reload", async (status) => {
    const server = await serve({ kind: "answer", status });
    const errors: unknown[] = [];
    const client = clientOf(server);
    client.on("error", (error) => errors.push(error));
    expect(await asked(client)).toBeUndefined();
    expect(await asked(client)).toBeUndefined();
    const before = server.requests.length;
    expect(await asked(client)).toBeUndefined();
    expect(server.requests).toHaveLength(before);
    expect(errors.some((error) => error instanceof Error)).toBe(true);
    server.respond(DEFINITIONS);
    await client.reloadFeatureFlags();
    expect(await asked(client)).toBe(true);
  });

  it("with 402 makes the class drop its flags until the next 200", async () => {
    const server = await serve({ ...DEFINITIONS, headers: {} });
    const client = clientOf(server);
    await ready(client);
    server.respond({ kind: "answer", status: 402 });
    await client.reloadFeatureFlags();
    expect(await asked(client)).toBeUndefined();
    expect(client.isLocalEvaluationReady()).toBe(false);
    server.respond({ ...DEFINITIONS, headers: {} });
    await client.reloadFeatureFlags();
    expect(await asked(client)).toBe(true);
  });

  it("with 402 lets the class use its flags again after a 304", async () => {
    const server = await serve(DEFINITIONS);
    const client = clientOf(server);
    await ready(client);
    server.respond({ kind: "answer", status: 402 });
    await client.reloadFeatureFlags();
    expect(await asked(client)).toBeUndefined();
    const loaded: unknown[] = [];
    client.on("localEvaluationFlagsLoaded", (count) => loaded.push(count));
    server.respond({ kind: "answer", status: 304 });
    await client.reloadFeatureFlags();
    expect(await asked(client)).toBe(true);
    expect(loaded).toEqual([1]);
  });

  it("with 402, three times, does not make an explicit reload wait for the slow poll", async () => {
    const server = await serve(DEFINITIONS);
    const client = clientOf(server, { featureFlagsPollingInterval: 60_000 });
    await ready(client);
    server.respond({ kind: "answer", status: 402 });
    for (let times = 0; times < 3; times++) await client.reloadFeatureFlags();
    expect(await asked(client)).toBeUndefined();
    server.respond({ ...DEFINITIONS, headers: {} });
    await client.reloadFeatureFlags();
    expect(await asked(client)).toBe(true);
  });

  it("with 402 lets the native client keep its flags", async () => {
    const server = await serve(DEFINITIONS);
    const dialect = posthog({ projectApiKey: "phc_key" });
    const origin = httpOrigin({ dialect, apiKey: "phx_secret", baseUrl: server.url });
    const native = createClient({ dialect, source: pollingSource(origin), diagnostics: SILENT });
    open.unshift({ close: () => native.close({ timeoutMs: 500 }) });
    await native.waitForInitialization({ timeoutMs: 20_000 });
    await new Promise(setImmediate);
    server.respond({ kind: "answer", status: 402 });
    const { outcome } = await native.refresh({ timeoutMs: 20_000 });
    expect(outcome).toBe("failed");
    expect(native.getBooleanAssignment("on", "user", {}, false)).toBe(true);
  });

  it.each([
    ["an error of the server", { kind: "answer", status: 500 }],
    ["a body that is not JSON", { kind: "answer", body: "<html>" }],
    ["a body without flags", { kind: "answer", body: "{}" }],
    ["a connection that breaks", { kind: "reset" }],
  ] satisfies [string, Reply][])("or failure (%s) keeps the flags", async (_, reply) => {
    const server = await serve({ ...DEFINITIONS, headers: {} });
    const client = clientOf(server);
    await ready(client);
    server.respond(reply);
    await client.reloadFeatureFlags();
    expect(await asked(client)).toBe(true);
  });

  it("of a project key as the secret key throws", () => {
    expect(() => new PostHog("phc_key", { secretKey: "phc_other" })).toThrow("secretKey");
  });
});
