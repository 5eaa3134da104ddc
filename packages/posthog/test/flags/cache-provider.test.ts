import { type Reply, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type FlagDefinitionCacheData,
  type FlagDefinitionCacheInput,
  type FlagDefinitionCacheProvider,
  PostHog,
  type PostHogFeatureFlag,
} from "../../src/index.js";

const flag = (key: string): PostHogFeatureFlag =>
  // The members that evaluation reads. The server sends more.
  ({ id: 1, key, active: true, filters: { groups: [{}] } }) as unknown as PostHogFeatureFlag;
const definitions = (key: string): object => ({
  flags: [flag(key)],
  group_type_mapping: { 0: "company" },
  cohorts: {},
  property_matching_version: 2,
});
const reply = (key: string): Reply => ({ kind: "answer", body: JSON.stringify(definitions(key)) });

/** An in-memory cache that records its calls. */
class Cache implements FlagDefinitionCacheProvider<FlagDefinitionCacheInput> {
  readonly calls: string[] = [];
  data: FlagDefinitionCacheInput | undefined;
  isLeader = true;
  failing: string | null = null;

  async getFlagDefinitions(): Promise<FlagDefinitionCacheInput | undefined> {
    this.#note("get");
    return this.data;
  }

  async shouldFetchFlagDefinitions(): Promise<boolean> {
    await null;
    this.#note("should");
    return this.isLeader;
  }

  async onFlagDefinitionsReceived(data: FlagDefinitionCacheData): Promise<void> {
    this.#note("received");
    this.data = data;
  }

  async shutdown(): Promise<void> {
    this.#note("shutdown");
  }

  #note(call: string): void {
    this.calls.push(call);
    if (this.failing === call) throw new Error(`${call} failed`);
  }
}

const open: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const it of open.splice(0)) await it.close();
  vi.restoreAllMocks();
});

async function start(
  cache: Cache,
  secretKey: string | undefined = "phx_key",
): Promise<{ client: PostHog; server: TestServer; errors: string[] }> {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const server = await startTestServer(reply("fetched"));
  const errors: string[] = [];
  const client = new PostHog("phc_key", {
    host: server.url,
    secretKey,
    strictLocalEvaluation: true,
    sendFeatureFlagEvent: false,
    featureFlagsPollingInterval: null,
    flagDefinitionCacheProvider: cache,
  });
  client.on("error", (error) => errors.push(String(error)));
  open.push({ close: () => client.shutdown(500) }, server);
  await client.waitForLocalEvaluationReady(3_000);
  await new Promise(setImmediate); // waits until the load has ended
  return { client, server, errors };
}

const keysOf = (client: PostHog): string[] => client.getFeatureFlagKeysByEvaluationRuntime("all");

describe("a cache shared by workers", () => {
  it("provides definitions to the other workers, in either spelling", async () => {
    const cache = new Cache();
    cache.isLeader = false;
    cache.data = { flags: [flag("cached")], groupTypeMapping: {}, cohorts: {} };
    const { client, server } = await start(cache);
    expect(keysOf(client)).toEqual(["cached"]);
    cache.data = { flags: [flag("newer")], group_type_mapping: {}, cohorts: {} };
    await client.reloadFeatureFlags();
    expect(keysOf(client)).toEqual(["newer"]);
    expect(server.requests).toHaveLength(0);
  });

  it("is notified of each shutdown, as by the vendor's client, and may fail then", async () => {
    const cache = new Cache();
    cache.failing = "shutdown";
    const { client, errors } = await start(cache);
    await client.shutdown(500);
    await client.shutdown(500);
    expect(cache.calls.filter((call) => call === "shutdown")).toHaveLength(2);
    expect(errors.join()).toContain("shutdown failed");
  });
});
