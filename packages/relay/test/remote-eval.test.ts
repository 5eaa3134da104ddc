import { GrowthBook, setPolyfills } from "@growthbook/growthbook";
import { isWhole } from "@sortition/test-kit";
import { startTestServer } from "@sortition/test-kit/http-server";
import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { EventSource } from "eventsource";
import { describe, expect, it } from "vitest";
import { sha256Of } from "../src/access/tokens.js";
import { fileOf } from "./ofrep/ground.js";
import { openStream } from "./open-stream.js";
import { later, relayOf, type TestRelay, VARIABLES } from "./start.js";

const { PAGE_TOKEN, SERVER_TOKEN } = VARIABLES;
setPolyfills({ EventSource });

const experiment = (key: string, more: object = {}): object => ({
  key,
  variations: ["control", "fast", "slow"],
  weights: [0.3, 0.4, 0.3],
  meta: [{ key: "c" }, { key: "f" }, { key: "s" }],
  ...more,
});

const PAYLOAD = {
  features: {
    checkout: {
      defaultValue: "none",
      rules: [
        { condition: { plan: "gold" }, force: "gold" },
        experiment("checkout-test", { condition: { country: { $in: ["DE", "FR"] } } }),
      ],
    },
    search: {
      defaultValue: false,
      rules: [{ condition: { email: { $regex: "@shop\\.example$" } }, force: true }],
    },
    after: {
      defaultValue: 0,
      rules: [
        { parentConditions: [{ id: "checkout", condition: { value: "fast" }, gate: true }] },
        { condition: { id: { $inGroup: "beta" } }, force: 1 },
      ],
    },
  },
  savedGroups: { beta: ["user-1", "user-7"] },
  experiments: [],
};

const RISKY = {
  defaultValue: "safe",
  rules: [{ condition: { email: { $regex: "^(a|a)*$" } }, force: "risky" }],
};

const environment = (payload: object, members: object = {}): object => ({
  name: "shop",
  dialect: "growthbook",
  file: fileOf(payload),
  tokens: [
    { name: "page", sha256: sha256Of(PAGE_TOKEN), remoteEval: true },
    { name: "server", sha256: sha256Of(SERVER_TOKEN) },
  ],
  ...members,
});

const start = (payload: object = PAYLOAD): Promise<TestRelay> =>
  relayOf({ environments: [environment(payload)] });

const attributesOf = (i: number): Record<string, unknown> => ({
  id: `user-${i}`,
  country: ["DE", "FR", "US"][i % 3],
  plan: i % 11 === 0 ? "gold" : "free",
  email: `user-${i}@${i % 2 === 0 ? "shop" : "other"}.example`,
});

interface Answers {
  readonly values: readonly unknown[];
  readonly tracks: readonly unknown[];
}

/** Returns the values and tracking calls of the vendor's SDK for a user. */
async function answersOf(gb: GrowthBook, tracks: unknown[]): Promise<Answers> {
  const values = ["checkout", "search", "after"].map((key) => gb.getFeatureValue(key, "default"));
  gb.destroy();
  return { values, tracks };
}

const tracking = () => {
  const tracks: unknown[] = [];
  const trackingCallback = (
    { key }: { readonly key: string },
    { variationId, value, inExperiment, hashAttribute, hashValue }: Record<string, unknown>,
  ): void => {
    tracks.push({ key, variationId, value, inExperiment, hashAttribute, hashValue });
  };
  return { tracks, trackingCallback: trackingCallback as never };
};

async function local(i: number): Promise<Answers> {
  const { tracks, trackingCallback } = tracking();
  const gb = new GrowthBook({ attributes: attributesOf(i), trackingCallback });
  gb.initSync({ payload: PAYLOAD as never });
  return answersOf(gb, tracks);
}

async function remote(apiHost: string, i: number): Promise<Answers> {
  const { tracks, trackingCallback } = tracking();
  const attributes = attributesOf(i);
  const options = { apiHost, clientKey: PAGE_TOKEN, remoteEval: true, trackingCallback };
  const gb = new GrowthBook({ ...options, attributes });
  await gb.init({ skipCache: true });
  return answersOf(gb, tracks);
}

function evaluate(relay: TestRelay, body: unknown, token: string = PAGE_TOKEN): Promise<Response> {
  return fetch(`${relay.url}/shop/api/eval/${token}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

describe("the vendor's SDK with remoteEval", () => {
  it("has the values and tracking calls of local evaluation for 100 users", async () => {
    const relay = await start();
    const seen = new Set<unknown>();
    for (let i = 0; i < 100; i++) {
      const expected = await local(i);
      expect(await remote(`${relay.url}/shop`, i)).toEqual(expected);
      seen.add(JSON.stringify(expected.values));
    }
    expect(seen.size).toBeGreaterThan(8);
  });

  it("gets neither rules nor the members of groups", async () => {
    const relay = await start();
    const text = await (await evaluate(relay, { attributes: attributesOf(1) })).text();
    expect(text).not.toMatch(/\$in|\$regex|gold|user-7|savedGroups|country/);
  });

  it("fetches again after a change, even if it was disconnected in the meantime", async () => {
    const dated = (value: string, dateUpdated: string): string =>
      JSON.stringify({ dateUpdated, features: { checkout: { defaultValue: value } } });
    // The SDK ignores a response with the same date as the one that it has.
    const server = await startTestServer({
      kind: "answer",
      body: dated("old", "2026-01-01T00:00:00.000Z"),
    });
    later(() => server.close());
    const relay = await relayOf({
      environments: [
        environment(PAYLOAD, {
          file: undefined,
          source: { clientKey: { env: "KEY" }, apiHost: server.url },
        }),
      ],
    });
    const stream = await openStream(`${relay.url}/shop/sub/${PAGE_TOKEN}`);
    await expect.poll(() => stream.text).toMatch(/^id: \w+\n\n$/);
    const gb = new GrowthBook({
      apiHost: `${relay.url}/shop`,
      clientKey: PAGE_TOKEN,
      remoteEval: true,
      attributes: { id: "user-1" },
    });
    later(async () => gb.destroy({ destroyAllStreams: true }));
    await gb.init({ streaming: true, skipCache: true });
    await expect.poll(() => relay.streams.count).toBe(2);
    server.respond({ kind: "answer", body: dated("new", "2026-01-02T00:00:00.000Z") });
    relay.environments[0]?.requestRefresh();
    await expect.poll(() => gb.getFeatureValue("checkout", "")).toBe("new");
    expect(stream.text).toMatch(/event: features-updated\nid: \w+\ndata: \{\}\n\n/);
    const [, held = ""] = /^id: (\w+)/.exec(stream.text) ?? [];
    const again = await openStream(`${relay.url}/shop/sub/${PAGE_TOKEN}`, {
      "last-event-id": held,
    });
    await expect.poll(() => again.text).toContain("features-updated");
  });

  it.runIf(hasRedis && isWhole)(
    "keeps a user's variation in Redis when the weights change",
    async () => {
      const redis = await startRedis();
      later(() => redis.close());
      const weighted = (weights: readonly number[]): string => {
        const more = { weights, bucketVersion: 1, minBucketVersion: 0, hashAttribute: "id" };
        const rules = [experiment("sticky", more)];
        return JSON.stringify({ features: { checkout: { defaultValue: "none", rules } } });
      };
      const server = await startTestServer({ kind: "answer", body: weighted([1, 0, 0]) });
      later(() => server.close());
      const source = { clientKey: { env: "KEY" }, apiHost: server.url };
      const relay = await relayOf({
        environments: [
          environment(PAYLOAD, {
            file: undefined,
            source,
            redis: { url: redis.url, namespace: "test" },
          }),
        ],
      });
      const variationOf = async (id: string): Promise<unknown> => {
        const answer = await (await evaluate(relay, { attributes: { id } })).json();
        return (answer as typeof PAYLOAD).features.checkout.defaultValue;
      };
      expect(await variationOf("user-1")).toBe("control");
      server.respond({ kind: "answer", body: weighted([0, 1, 0]) });
      relay.environments[0]?.requestRefresh();
      let others = 0;
      await expect.poll(() => variationOf(`other-${others++}`)).toBe("fast");
      expect(await variationOf("user-1")).toBe("control");
    },
  );
});

describe("remote evaluation", () => {
  it("rejects server keys, and its own tokens cannot read rules", async () => {
    const relay = await start();
    const url = `${relay.url}/shop/api/features`;
    expect((await fetch(`${url}/${PAGE_TOKEN}`)).status).toBe(400);
    expect((await fetch(`${url}/${SERVER_TOKEN}`)).status).toBe(200);
    expect((await evaluate(relay, {}, SERVER_TOKEN)).status).toBe(400);
    expect((await evaluate(relay, {}, "other")).status).toBe(401);
    expect(
      (await fetch(`${relay.url}/nobody/api/eval/${PAGE_TOKEN}`, { method: "POST" })).status,
    ).toBe(401);
  });

  it("leaves out a feature whose pattern could block the process, and counts it", async () => {
    const relay = await start({ features: { ...PAYLOAD.features, risky: RISKY } });
    // Matching it would take longer than the test may.
    const email = `${"a".repeat(2_000)}b`;
    const answer = await (await evaluate(relay, { attributes: { id: "1", email } })).json();
    expect(Object.keys((answer as { readonly features: object }).features)).toEqual([
      ...["checkout", "search", "after"],
    ]);
    const { port } = relay.adminAddress;
    const status = await (await fetch(`http://127.0.0.1:${port}/status`)).json();
    expect(status).toMatchObject({ environments: [{ leftOut: 1 }] });
  });

  const BODIES = [
    ["{", 400],
    ["[]", 400],
    [{ attributes: [] }, 400],
    [{ attributes: Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [i, i])) }, 400],
    [{ forcedVariations: { a: "b" } }, 400],
    [{ forcedFeatures: [["a"]] }, 400],
    [{ url: 5 }, 400],
    [{ url: "x".repeat(2_049) }, 400],
    [{ attributes: { a: { b: ["x".repeat(50_000)] } } }, 400],
    [{ forcedFeatures: [["a", { b: "x".repeat(2_049) }]] }, 400],
    [{ attributes: { a: "x".repeat(70_000) } }, 413],
    ['{"attributes":{"__proto__":{"x":1}},"forcedFeatures":[["__proto__",1]]}', 200],
  ] as const;

  it("reports what is wrong with a bad body, but never its value", async () => {
    const relay = await start();
    for (const [i, [body, status]] of BODIES.entries()) {
      const answer = await evaluate(relay, body);
      expect([i, answer.status]).toEqual([i, status]);
      if (status !== 200) expect(await answer.text()).not.toMatch(/xxxx|"b"/);
    }
  });
});
