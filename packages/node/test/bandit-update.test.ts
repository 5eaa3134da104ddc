import type { Client } from "@sortition/core";
import { type Reply, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient } from "../src/client/create-client.js";
import type { ClientOptions } from "../src/client/options.js";
import { recordDiagnostics } from "./support/diagnostics.js";
import { flag, flagsBody } from "./support/flags.js";
import { status } from "./support/servers.js";

function flagsWithBandit(modelVersion: string, value: string): string {
  const body = JSON.parse(flagsBody(value));
  body.flags["shop"] = flag("shop", "recommender");
  body.banditReferences = {
    recommender: {
      modelVersion,
      flagVariations: [
        {
          key: "recommender",
          flagKey: "shop",
          allocationKey: "all-recommender",
          variationKey: "recommender",
          variationValue: "recommender",
        },
      ],
    },
  };
  return JSON.stringify(body);
}

function bandits(...versions: string[]): string {
  const models = versions.map((modelVersion) => [
    "recommender",
    {
      banditKey: "recommender",
      modelName: "falcon",
      modelVersion,
      modelData: { gamma: 1, defaultActionScore: 0, actionProbabilityFloor: 0, coefficients: {} },
    },
  ]);
  return JSON.stringify({ bandits: Object.fromEntries(models) });
}

describe("lifecycle §7 fault 17: flags and bandit models", () => {
  let server: TestServer;
  let client: Client;
  let flagsReply: { body: string; etag: string };
  let banditsReply: { body: string; etag: string } | Reply;

  const create = (options: ClientOptions = {}): Client => {
    client = createClient({
      apiKey: "key",
      baseUrl: server.url,
      pollIntervalMs: null,
      diagnostics: recordDiagnostics(),
      ...options,
    });
    return client;
  };
  const answer = (): string => client.getStringAssignment("flag-1", "alice", {}, "default");
  const choose = () => client.getBanditAction("shop", "alice", {}, { a: {}, b: {} }, "default");
  const issues = () => client.getConfiguration()?.issues.map(({ code }) => code);
  /** Returns the part and etag of each request since the last call. */
  const asked = (): readonly string[] => {
    const news = server.requests.slice(looked);
    looked += news.length;
    return news.map(
      ({ path, headers }) => `${path.split("/").at(-1)} ${headers["if-none-match"] ?? "-"}`,
    );
  };
  let looked: number;

  beforeEach(async () => {
    looked = 0;
    flagsReply = { body: flagsWithBandit("v1", "old"), etag: '"flags-1"' };
    banditsReply = { body: bandits("v1"), etag: '"bandits-1"' };
    server = await startTestServer(({ path, headers }) => {
      const reply = path.endsWith("/bandits") ? banditsReply : flagsReply;
      if ("kind" in reply) return reply;
      const { body, etag } = reply;
      return headers["if-none-match"] === etag
        ? status(304)
        : { kind: "answer", body, headers: { etag } };
    });
  });

  afterEach(async () => {
    await client.close();
    await server.close();
  });

  it("are updated together: without new models the old pair and both etags are kept", async () => {
    create();
    expect(await client.refresh()).toMatchObject({ outcome: "updated" });
    expect(choose()).toMatchObject({ variation: "recommender", action: expect.any(String) });
    asked();

    flagsReply = { body: flagsWithBandit("v2", "new"), etag: '"flags-2"' };
    banditsReply = status(500);
    for (let attempt = 1; attempt <= 2; attempt++) {
      expect(await client.refresh()).toMatchObject({
        outcome: "failed",
        error: { code: "SORTITION_HTTP_STATUS", httpStatus: 500 },
      });
      expect(answer()).toBe("old");
      expect(choose().action).not.toBeNull();
      expect(asked()).toEqual(['config "flags-1"', 'bandits "bandits-1"']);
    }

    banditsReply = { body: bandits("v2"), etag: '"bandits-2"' };
    expect(await client.refresh()).toMatchObject({ outcome: "updated" });
    expect(answer()).toBe("new");
    expect(issues()).toEqual([]);
  });

  it("are served without models at the start if the models fail, which are then requested again", async () => {
    banditsReply = status(500);
    create({ pollIntervalMs: 100, pollJitterMs: 0 });
    expect(await client.waitForInitialization()).toMatchObject({ ready: true, source: "network" });
    expect(choose()).toEqual({ variation: "recommender", action: null });
    expect(issues()).toEqual(["bandit-model-missing"]);
    await expect.poll(() => client.status.lastError?.httpStatus === 500).toBe(true);

    await expect.poll(() => server.requests.length >= 4).toBe(true);
    expect(asked().slice(0, 4)).toEqual(["config -", "bandits -", 'config "flags-1"', "bandits -"]);
    banditsReply = { body: bandits("v1"), etag: '"bandits-1"' };
    await expect.poll(() => choose().action !== null).toBe(true);
    expect(issues()).toEqual([]);
  });

  it.each(["{}", '{"bandits":null}', '{"bandits":[]}', "[]"])(
    "are served without models if those are %s, but a running client keeps its models",
    async (body) => {
      banditsReply = { body, etag: '"empty"' };
      create();
      expect(await client.refresh()).toMatchObject({ outcome: "updated" });
      expect(answer()).toBe("old");
      expect(choose()).toEqual({ variation: "recommender", action: null });
      expect(issues()).toEqual(["bandit-model-missing"]);

      banditsReply = { body: bandits("v1"), etag: '"bandits-1"' };
      expect(await client.refresh()).toMatchObject({ outcome: "updated" });
      flagsReply = { body: flagsWithBandit("v2", "new"), etag: '"flags-2"' };
      banditsReply = { body, etag: '"empty"' };
      asked();
      expect(await client.refresh()).toMatchObject({ outcome: "updated" });
      expect(await client.refresh()).toMatchObject({ outcome: "unchanged" });
      expect(answer()).toBe("new");
      expect(choose().action).not.toBeNull();
      const bandit = 'bandits "bandits-1"';
      expect(asked()).toEqual(['config "flags-1"', bandit, 'config "flags-2"', bandit]);
    },
  );

  it("are served without models at the start if the models cannot be parsed", async () => {
    banditsReply = { body: '{"bandits":', etag: '"cut"' };
    create();
    expect(await client.refresh()).toMatchObject({
      outcome: "failed",
      error: { code: "SORTITION_DECODE", part: "bandits" },
    });
    expect(answer()).toBe("old");
    banditsReply = { body: bandits("v1"), etag: '"bandits-1"' };
    expect(await client.refresh()).toMatchObject({ outcome: "updated" });
    expect(choose().action).not.toBeNull();
  });

  it("are requested conditionally at each poll until the referenced version is loaded", async () => {
    banditsReply = { body: bandits("v0"), etag: '"bandits-0"' };
    create();
    expect(await client.refresh()).toMatchObject({ outcome: "updated" });
    expect(asked()).toEqual(["config -", "bandits -"]);
    for (let poll = 1; poll <= 3; poll++) {
      expect(await client.refresh()).toMatchObject({ outcome: "unchanged" });
      expect(asked()).toEqual(['config "flags-1"', 'bandits "bandits-0"']);
    }
    banditsReply = { body: bandits("v1"), etag: '"bandits-1"' };
    expect(await client.refresh()).toMatchObject({ outcome: "updated" });
    expect(asked()).toEqual(['config "flags-1"', 'bandits "bandits-0"']);
    // The version is loaded, so models are no longer requested.
    expect(await client.refresh()).toMatchObject({ outcome: "unchanged" });
    expect(asked()).toEqual(['config "flags-1"']);
  });
});
