import { describe, expect, it, vi } from "vitest";
import { InMemoryStickyBucketService, type StickyAssignmentsDocument } from "../../src/index.js";
import { BOTH } from "./sdks.js";
import { SHOP } from "./shop-payload.js";

/** An in-memory implementation of the ioredis commands that we use. */
class SmallRedis {
  readonly values = new Map<string, string>();
  readonly commands: string[][] = [];

  async mget(...keys: string[]): Promise<(string | null)[]> {
    this.commands.push(["mget", ...keys]);
    return keys.map((key) => this.values.get(key) ?? null);
  }

  async set(key: string, value: string): Promise<string> {
    this.commands.push(["set", key, value]);
    this.values.set(key, value);
    return "OK";
  }
}

describe.each(BOTH)("sticky buckets of $name", ({ sdk }) => {
  it("are stored in Redis and read before they are needed", async () => {
    const redis = new SmallRedis();
    const stickyBucketService = new sdk.RedisStickyBucketService({ redis });
    const first = new sdk.GrowthBook({
      attributes: { id: "u1", deviceId: "d" },
      stickyBucketService,
    });
    await first.setPayload(SHOP);
    const { experimentResult } = first.evalFeature("sticky");
    await new Promise((resolve) => setTimeout(resolve, 1));
    // The user's bucket differs from the saved one.
    const changed = structuredClone(SHOP);
    const [rule] = changed.features?.["sticky"]?.rules ?? [];
    Object.assign(rule ?? {}, { weights: [0, 0, 0].map((_, i) => (i === 0 ? 1 : 0)) });
    const second = new sdk.GrowthBook({
      attributes: { id: "u1", deviceId: "d" },
      stickyBucketService,
    });
    await second.setPayload(changed);
    expect(second.evalFeature("sticky").experimentResult).toEqual({
      ...experimentResult,
      stickyBucketUsed: true,
    });
    expect(redis.commands).toEqual([
      ["mget", "id||u1", "deviceId||d"],
      ["set", "id||u1", expect.stringContaining('"assignments"')],
      ["mget", "id||u1", "deviceId||d"],
    ]);
    expect(await stickyBucketService.getAssignments("id", "u1")).toBeNull();
    expect(stickyBucketService.getKey("id", "u1")).toBe("id||u1");
  });

  it.each([
    { passthrough: false, key: "v0", value: undefined },
    { passthrough: true, key: "v0", value: "next" },
  ])(
    "have the key of a variation's meta also if variations are an object, passthrough $passthrough",
    async ({ key, passthrough, value }) => {
      const redis = new SmallRedis();
      const gb = new sdk.GrowthBook({
        attributes: { id: "u1" },
        stickyBucketService: new sdk.RedisStickyBucketService({ redis }),
      });
      const rule = {
        key: "exp",
        variations: { a: 1 },
        meta: [{ key, passthrough }, {}],
        ranges: [[0, 1] as const, [1, 1] as const],
      };
      const features = { f: { rules: [rule, { force: "next" }] } };
      await gb.setPayload({ features: features as never });
      const result = gb.evalFeature("f");
      expect(result.value).toBe(value);
      if (!passthrough) expect(result.experimentResult?.key).toBe(key);
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(redis.commands.at(-1)).toEqual([
        ...["set", "id||u1", expect.stringContaining('"exp__0":"v0"')],
      ]);
    },
  );

  it("are read from the documents in the options, which the service stores", async () => {
    const redis = new SmallRedis();
    const document: StickyAssignmentsDocument = {
      attributeName: "id",
      attributeValue: "u1",
      assignments: { "sticky-test__1": "2" },
    };
    const gb = new sdk.GrowthBook({
      attributes: { id: "u1" },
      features: SHOP.features,
      stickyBucketService: new sdk.RedisStickyBucketService({ redis }),
      stickyBucketAssignmentDocs: { "id||u1": document },
    });
    expect(gb.getFeatureValue("sticky", "")).toBe("c");
    expect(gb.getStickyBucketAssignmentDocs()).toEqual({ "id||u1": document });
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(redis.values.get("id||u1")).toBe(JSON.stringify(document));
  });

  it("are loaded by a custom service that returns undefined or another falsy value for none", async () => {
    const document = { attributeName: "id", attributeValue: "u1", assignments: { a__0: "1" } };
    const documents = new Map<string, unknown>([
      ["id", document],
      ["empty", ""],
    ]);
    class Service extends sdk.StickyBucketServiceSync {
      getAssignmentsSync(name: string): StickyAssignmentsDocument {
        return documents.get(name) as StickyAssignmentsDocument;
      }
      saveAssignmentsSync(): void {}
    }
    const service = new Service();
    const attributes = { id: "u1", device: "d", empty: "" };
    const all = { "id||u1": document };
    expect(service.getAllAssignmentsSync(attributes)).toEqual(all);
    expect(await service.getAllAssignments(attributes)).toEqual(all);
  });

  it("ignore a cookie that is not a document", () => {
    const req = { cookies: { "gbStickyBuckets__id||u1": "{ no JSON" } };
    const set = vi.fn();
    const service = new sdk.ExpressCookieStickyBucketService({ req, res: { cookie: set } });
    expect(service.getAssignmentsSync("id", "u1")).toBeNull();
    const gb = new sdk.GrowthBook({ attributes: { id: "u1" }, stickyBucketService: service });
    gb.initSync({ payload: SHOP });
    gb.isOn("sticky");
    expect(set.mock.calls).toEqual([
      [
        "gbStickyBuckets__id%7C%7Cu1",
        expect.stringContaining("%22assignments%22"),
        { maxAge: 180 * 24 * 3_600 * 1_000 },
      ],
    ]);
  });
});

describe("in memory", () => {
  it("stores a limited number of documents and returns copies of them", async () => {
    const service = new InMemoryStickyBucketService({ maxDocuments: 2 });
    const save = (attributeValue: string): void =>
      service.saveAssignmentsSync({ attributeName: "id", attributeValue, assignments: { a: "1" } });
    for (const value of ["1", "2", "1", "3"]) save(value);
    const all = await service.getAllAssignments({ id: "1" });
    expect(Object.keys(all)).toEqual(["id||1"]);
    expect([service.getAssignmentsSync("id", "2"), service.getAssignmentsSync("id", "3")]).toEqual([
      null,
      { attributeName: "id", attributeValue: "3", assignments: { a: "1" } },
    ]);
    Object.assign(service.getAssignmentsSync("id", "1")?.assignments ?? {}, { a: "2" });
    expect(service.getAssignmentsSync("id", "1")?.assignments).toEqual({ a: "1" });
  });

  it("works with initSync", () => {
    const service = new InMemoryStickyBucketService();
    const [gb] = BOTH.slice(1).map(
      ({ sdk }) => new sdk.GrowthBook({ attributes: { id: "u1" }, stickyBucketService: service }),
    );
    gb?.initSync({ payload: SHOP });
    gb?.isOn("sticky");
    expect(Object.keys(service.getAllAssignmentsSync({ id: "u1" }))).toEqual(["id||u1"]);
  });
});
