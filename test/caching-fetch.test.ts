import { afterEach, describe, expect, it, vi } from "vitest";
import { Experiment } from "../packages/amplitude/src/index.ts";
import { edgeClient } from "../packages/edge/src/index.ts";
import { init } from "../packages/eppo/src/index.ts";
import { GrowthBookClient, setPolyfills } from "../packages/growthbook/src/index.ts";
import { ShopServer } from "../packages/growthbook/test/client/shop-server.ts";
import { createClient } from "../packages/node/src/index.ts";
import { PostHog } from "../packages/posthog/src/index.ts";
import { flagServer } from "../packages/testing/src/server.ts";
import { FORMATS, type Format } from "../packages/testing/test/formats.ts";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const NATIVE = { apiKey: "phs_key", assignmentLogger: null, diagnostics: SILENT } as const;
const platformFetch = globalThis.fetch;

afterEach(() => {
  globalThis.fetch = platformFetch;
  setPolyfills({ fetch: undefined });
});

/** A client, or whatever requests flags. */
interface Reader {
  /** Requests the flags again, and returns the value of `beta`. */
  read(): Promise<unknown>;
  close?(): unknown;
}
type Open = (url: string, dialect: ReturnType<Format["create"]>["dialect"]) => Promise<Reader>;

async function openEdge(baseUrl: string, dialect: Parameters<Open>[1]): Promise<Reader> {
  let nowMs = 0;
  const [clock, options] = [{ monotonicMs: () => nowMs }, { ...NATIVE, dialect, baseUrl }];
  const { assignmentLogger: _, ...own } = options;
  const isolate = edgeClient({ ...own, clock });
  return {
    async read() {
      nowMs += 60_000;
      const work: Promise<unknown>[] = [];
      await isolate.forRequest({ waitUntil: (it) => void work.push(it) });
      await Promise.all(work);
      return (await isolate.forRequest()).getBooleanAssignment("beta", "anna", {}, false);
    },
  };
}

async function openNative(baseUrl: string, dialect: Parameters<Open>[1]): Promise<Reader> {
  const client = createClient({ ...NATIVE, dialect, baseUrl, pollIntervalMs: null });
  return {
    async read() {
      await client.refresh();
      return client.getBooleanAssignment("beta", "anna", {}, false);
    },
    close: () => client.close(),
  };
}

async function openEppo(url: string): Promise<Reader> {
  const options = { baseUrl: `${url}/api`, assignmentLogger: { logAssignment() {} } };
  const client = await init({ apiKey: "key", ...options, diagnostics: SILENT });
  return {
    async read() {
      await client.fetchFlagConfigurations();
      return client.getBooleanAssignment("beta", "anna", {}, false);
    },
    close: () => client.close(),
  };
}

async function openGrowthBook(apiHost: string): Promise<Reader> {
  const client = new GrowthBookClient({ apiHost, clientKey: "sdk-key" });
  await client.init();
  return {
    async read() {
      await client.refreshFeatures({ skipCache: true });
      return client.isOn("beta", { attributes: { id: "anna" } });
    },
    close: () => client.destroy(),
  };
}

async function openPostHog(host: string): Promise<Reader> {
  const client = new PostHog("phc_key", { host, personalApiKey: "phx_key" });
  const options = { onlyEvaluateLocally: true, sendFeatureFlagEvents: false };
  return {
    async read() {
      await client.reloadFeatureFlags();
      return await client.isFeatureEnabled("beta", "anna", options);
    },
    close: () => client.shutdown(),
  };
}

async function openAmplitude(serverUrl: string): Promise<Reader> {
  const options = { serverUrl, flagConfigPollingIntervalMillis: 20, loggerProvider: SILENT };
  const client = Experiment.initializeLocal(`key-${serverUrl}`, options as object);
  await client.start();
  return {
    read: async () => client.evaluateV2({ user_id: "anna" }, ["beta"])["beta"]?.key === "on",
    close: () => client.stop(),
  };
}

const PLACES: readonly { readonly name: string; readonly format: string; readonly open: Open }[] = [
  ...FORMATS.flatMap(({ format }) => [
    { name: "the client", format, open: openNative },
    { name: "the client of edge runtimes", format, open: openEdge },
  ]),
  { name: "the drop-in", format: "Eppo", open: openEppo },
  { name: "the drop-in", format: "GrowthBook", open: openGrowthBook },
  { name: "the drop-in", format: "PostHog", open: openPostHog },
  { name: "the drop-in", format: "Amplitude", open: openAmplitude },
];

/** Replaces the global `fetch` with one that keeps responses, as Next.js does. */
function keepResponses(mark: object): void {
  const kept = new Map<string, string>();
  const cached = async (url: string, options?: { readonly cache?: string }): Promise<Response> => {
    const held = kept.get(url);
    if (held !== undefined && options?.cache !== "no-store") return new Response(held);
    const text = await (await platformFetch(url, options as RequestInit)).text();
    kept.set(url, text);
    return new Response(text);
  };
  globalThis.fetch = Object.assign(cached, mark) as unknown as typeof fetch;
}

describe.each([
  { fetch: "the fetch of Next.js", mark: { __nextPatched: true } },
  { fetch: "a fetch around it", mark: {} },
])("$fetch, which caches responses", ({ mark }) => {
  it.each(PLACES)("does not keep old flags in $name of $format", async ({ format, open }) => {
    const flags = FORMATS.find((it) => it.format === format)?.create();
    if (flags === undefined) throw new Error(format);
    flags.boolean("beta").off();
    await using server = await flagServer({ flags, hasEtags: false });
    keepResponses(mark);
    const reader = await open(server.url, flags.dialect);
    expect(await reader.read()).toBe(false);
    flags.boolean("beta").on();
    await vi.waitFor(async () => expect(await reader.read()).toBe(true), { timeout: 20_000 });
    await reader.close?.();
  });

  it("does not keep old features when GrowthBook's stream announces new ones", async () => {
    const payloadOf = (defaultValue: boolean) => ({ features: { beta: { defaultValue } } });
    const options = { payload: payloadOf(false), hasStream: true };
    const server = await new ShopServer(options).start();
    keepResponses(mark);
    const client = new GrowthBookClient({ apiHost: server.url, clientKey: "sdk-stream" });
    // The response of this `fetch` does not have the header that offers the stream.
    await client.init({ payload: payloadOf(false) as never, streaming: true });
    await client.refreshFeatures({ skipCache: true });
    await vi.waitFor(() => expect(server.streams.size).toBe(1), { timeout: 20_000 });
    server.options.payload = payloadOf(true);
    server.push("features-updated", "");
    await vi.waitFor(() => expect(client.isOn("beta", {})).toBe(true), { timeout: 20_000 });
    client.destroy();
    await server.close();
  });
});

it("a fetch from setPolyfills gets the vendor's call", async () => {
  const calls: unknown[] = [];
  setPolyfills({
    fetch: async (...call: unknown[]) => {
      calls.push(call);
      return new Response('{"features":{}}');
    },
  });
  const client = new GrowthBookClient({ apiHost: "http://flags.invalid", clientKey: "given" });
  await client.init();
  client.destroy();
  expect(calls).toEqual([
    ["http://flags.invalid/api/features/given", { signal: expect.any(AbortSignal) }],
  ]);
});
