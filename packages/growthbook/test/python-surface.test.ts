import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { clearCache, type Experiment, GrowthBook, type Result } from "../src/index.js";
import { SHOP } from "./client/shop-payload.js";
import { ShopServer } from "./client/shop-server.js";

// The surface of the Python SDK 0.2.0, as listed in python-names.json.

const FEATURES = {
  on: { defaultValue: true },
  zero: { defaultValue: 0 },
  empty: { defaultValue: null },
  color: {
    defaultValue: "blue",
    rules: [
      { id: "r1", condition: { customUserAttribute: "foo" }, force: "green" },
      { key: "color-test", variations: ["red", "pink"], weights: [0, 1] },
    ],
  },
};
const EVEN: Experiment<string> = { key: "my-experiment", variations: ["red", "blue", "green"] };

afterEach(() => clearCache());

describe("the constructor", () => {
  it("takes one object of options, all optional", () => {
    const gb = new GrowthBook();
    expect(gb.run({ ...EVEN, hashAttribute: "x" }).inExperiment).toBe(false);
    expect([gb.getAttributes(), gb.getFeatures(), gb.getForcedVariations(), gb.getUrl()]).toEqual([
      ...[{}, {}, {}, ""],
    ]);
  });

  it("makes the features in its options usable immediately, without a request or a key", () => {
    const request = vi.spyOn(globalThis, "fetch");
    const gb = new GrowthBook({ features: FEATURES });
    expect([gb.ready, gb.isOn("on")]).toEqual([true, true]);
    expect(request).not.toHaveBeenCalled();
    request.mockRestore();
  });

  it("enabled: false disables all experiments", () => {
    const gb = new GrowthBook({ enabled: false, attributes: { id: "1" }, features: FEATURES });
    expect([gb.run(EVEN).inExperiment, gb.getFeatureValue("color", "")]).toEqual([false, "blue"]);
  });

  it("url is the URL of the current request", () => {
    const gb = new GrowthBook({
      attributes: { id: "1" },
      url: "https://x.example/?my-experiment=2",
    });
    expect(gb.run(EVEN)).toEqual(expect.objectContaining({ value: "green", hashUsed: false }));
  });

  it("forcedVariations forces variations by experiment key", () => {
    const gb = new GrowthBook({ attributes: {}, forcedVariations: { "my-experiment": 1 } });
    expect(gb.run(EVEN)).toEqual(expect.objectContaining({ value: "blue", hashUsed: false }));
  });

  it("qaMode assigns forced variations only", () => {
    const forcedVariations = { other: 1 };
    const gb = new GrowthBook({ attributes: { id: "1" }, qaMode: true, forcedVariations });
    expect([gb.run(EVEN).inExperiment, gb.run({ ...EVEN, key: "other" }).value]).toEqual([
      ...[false, "blue"],
    ]);
  });
});

describe("features and attributes", () => {
  it("can be set and read at any time, and take effect for the next evaluation", () => {
    const gb = new GrowthBook({ features: FEATURES });
    expect(gb.getFeatureValue("color", "")).toBe("blue");
    void gb.setAttributes({ customUserAttribute: "foo" });
    expect(gb.getFeatureValue("color", "")).toBe("green");
    gb.setFeatures({ color: { defaultValue: "black" } });
    expect(gb.getFeatureValue("color", "")).toBe("black");
  });

  it("can be set to their current value without effect", async () => {
    const gb = new GrowthBook({ features: FEATURES, attributes: { id: "1" } });
    const before = gb.evalFeature("color");
    gb.setFeatures(gb.getFeatures());
    await gb.setAttributes(gb.getAttributes());
    expect([gb.evalFeature("color"), gb.getAttributes()]).toEqual([before, { id: "1" }]);
  });

  it.each([
    ["a boolean", { loggedIn: true }, { loggedIn: true }],
    ["an integer", { age: 21 }, { age: { $gt: 20 } }],
    ["a number", { age: 21.5 }, { age: { $lte: 21.5 } }],
    ["a string", { country: "US" }, { country: { $in: ["US", "CA"] } }],
    ["a list", { tags: ["tag1", "tag2"] }, { tags: { $elemMatch: { $eq: "tag2" } } }],
    ["an object", { account: { age: 90 } }, { "account.age": 90 }],
  ])("attributes may be %s", (_, attributes, condition) => {
    const gb = new GrowthBook({
      attributes,
      features: { f: { rules: [{ condition, force: 1 }] } },
    });
    expect(gb.getFeatureValue("f", 0)).toBe(1);
  });

  it("features can come from the API, as an object or as a whole response", async () => {
    const server = await new ShopServer({ payload: SHOP, hasStream: false }).start();
    const response = await fetch(`${server.url}/api/features/MY_API_KEY`);
    const payload = (await response.json()) as typeof SHOP;
    const own = new GrowthBook({ features: payload.features ?? {}, attributes: { country: "DE" } });
    const whole = new GrowthBook({ attributes: { country: "DE" } }).initSync({ payload });
    expect(own.evalFeature("banner")).toEqual(whole.evalFeature("banner"));
    await server.close();
  });

  it("features can come from JSON in a database or a cache", () => {
    const features = JSON.parse('{"feature-1":{"defaultValue":true},"feature-2":{}}');
    const gb = new GrowthBook({ features });
    expect([gb.isOn("feature-1"), gb.evalFeature("feature-2").value]).toEqual([true, null]);
  });

  it("features can be typed, so that keys and values are checked", () => {
    interface AppFeatures {
      color: string;
      on: boolean;
    }
    const gb = new GrowthBook<AppFeatures>({ features: FEATURES });
    expectTypeOf(gb.getFeatureValue("color", "blue")).toEqualTypeOf<string>();
    expectTypeOf(gb.getFeatureValue("on", false)).toEqualTypeOf<boolean>();
    // @ts-expect-error: unknown feature
    expect(gb.isOn("colour")).toBe(false);
  });
});

describe("tracking", () => {
  it("calls a function, which may be async, with experiment and result", async () => {
    const seen: unknown[] = [];
    const gb = new GrowthBook({
      attributes: { id: "123" },
      features: FEATURES,
      trackingCallback: async (experiment: Experiment<unknown>, result: Result<unknown>) => {
        seen.push([experiment.key, result.variationId]);
        throw new Error("the analytics are down");
      },
      diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
    });
    expect(gb.getFeatureValue("color", "")).toBe("pink");
    expect(seen).toEqual([["color-test", 1]]);
  });
});

describe("using features", () => {
  it("isOn and isOff return whether the value is truthy", () => {
    const gb = new GrowthBook({ features: FEATURES });
    expect([gb.isOn("on"), gb.isOff("on"), gb.isOn("zero"), gb.isOff("nope")]).toEqual([
      ...[true, false, false, true],
    ]);
  });

  it("getFeatureValue returns the fallback for null only", () => {
    const gb = new GrowthBook({ features: FEATURES });
    expect([gb.getFeatureValue("zero", 5), gb.getFeatureValue("empty", 5)]).toEqual([0, 5]);
    expect(gb.getFeatureValue("nope", "blue")).toBe("blue");
  });

  it("evalFeature returns value, on, off, source, experiment and experimentResult", () => {
    const gb = new GrowthBook({ attributes: { id: "1" }, features: FEATURES });
    const { value, on, off, source, experiment, experimentResult } = gb.evalFeature("color");
    expect([value, on, off, source, experiment?.key, experimentResult?.variationId]).toEqual([
      ...["pink", true, false, "experiment", "color-test", 1],
    ]);
  });

  it("a feature has the source unknownFeature, defaultValue, force or experiment, or a newer one", () => {
    const sources = (attributes: Record<string, unknown>, key: string): string =>
      new GrowthBook({ attributes, features: FEATURES }).evalFeature(key).source;
    expect([sources({}, "nope"), sources({}, "color")]).toEqual(["unknownFeature", "defaultValue"]);
    expect(sources({ customUserAttribute: "foo" }, "color")).toBe("force");
    expect(sources({ id: "1" }, "color")).toBe("experiment");
    const features = {
      gated: {
        rules: [{ parentConditions: [{ id: "zero", condition: { value: 1 }, gate: true }] }],
      },
      zero: { defaultValue: 0 },
      self: { rules: [{ parentConditions: [{ id: "self", condition: {} }] }] },
    };
    const gb = new GrowthBook({ features, forcedFeatureValues: new Map([["forced", 1]]) });
    const newer = ["forced", "gated", "self"].map((key) => gb.evalFeature(key).source);
    expect(newer).toEqual(["override", "prerequisite", "cyclicPrerequisite"]);
  });
});

describe("inline experiments", () => {
  it("need only a key and variations", () => {
    const gb = new GrowthBook({ attributes: { id: "123" } });
    expect(EVEN.variations).toContain(gb.run(EVEN).value);
  });

  it("may have weights, coverage, a condition, a hash attribute and a namespace", () => {
    const experiment: Experiment<number> = {
      key: "my-test",
      variations: [0, 1],
      weights: [0.4, 0.6],
      coverage: 0.2,
      condition: { country: "US", browser: { $in: ["chrome", "firefox"] } },
      hashAttribute: "sessionId",
      namespace: ["pricing", 0, 0.5],
    };
    const shares = { in: 0, ones: 0 };
    for (let i = 0; i < 2_000; i++) {
      const attributes = { sessionId: `s${i}`, country: "US", browser: "chrome" };
      const { inExperiment, value } = new GrowthBook({ attributes }).run(experiment);
      if (inExperiment) shares.in += 1;
      if (inExperiment && value === 1) shares.ones += 1;
    }
    // A tenth, because half of them have a coverage of 20%.
    expect(shares.in / 2_000).toBeCloseTo(0.1, 1);
    expect(shares.ones / shares.in).toBeCloseTo(0.6, 1);
    const other = { sessionId: "s1", country: "DE", browser: "chrome" };
    expect(new GrowthBook({ attributes: other }).run(experiment).inExperiment).toBe(false);
  });

  it("force assigns one variation to all users in the experiment", () => {
    const gb = new GrowthBook({ attributes: { id: "1" } });
    expect(gb.run({ ...EVEN, force: 2 }).value).toBe("green");
    expect(gb.run({ ...EVEN, force: 2, coverage: 0 }).inExperiment).toBe(false);
  });

  it("exclude each other in a namespace", () => {
    for (let i = 0; i < 500; i++) {
      const gb = new GrowthBook({ attributes: { id: `u${i}` } });
      const both = [
        gb.run({ key: "a", variations: [0, 1], namespace: ["pricing", 0, 0.5] }),
        gb.run({ key: "b", variations: [0, 1], namespace: ["pricing", 0.5, 1] }),
      ];
      expect(both.filter(({ inExperiment }) => inExperiment)).toHaveLength(1);
    }
  });

  it("correct weights and coverage that are out of range", () => {
    const gb = new GrowthBook({ attributes: { id: "1" } });
    expect(gb.run({ ...EVEN, weights: [5, 5, 5] })).toEqual(gb.run(EVEN));
    expect(gb.run({ ...EVEN, coverage: 7 })).toEqual(gb.run(EVEN));
    expect(gb.run({ ...EVEN, coverage: -1 }).inExperiment).toBe(false);
  });

  it("return complex variations with their type", () => {
    const gb = new GrowthBook({ attributes: { id: "1" } });
    const variations: [[string, string], [string, string]] = [
      ["blue", "large"],
      ["green", "small"],
    ];
    const result = gb.run({ key: "complex-variations", variations });
    expectTypeOf(result.value).toEqualTypeOf<[string, string]>();
    expect(["blue,large", "green,small"]).toContain(`${result.value[0]},${result.value[1]}`);
  });

  it("can hash another attribute than the id, such as the company", () => {
    const experiment: Experiment<string> = {
      key: "by-company-id",
      variations: ["A", "B"],
      hashAttribute: "company",
    };
    const results = ["123", "456", "789"].map((id) =>
      new GrowthBook({ attributes: { id, company: "growthbook" } }).run(experiment),
    );
    expect(new Set(results.map(({ value }) => value)).size).toBe(1);
    expect(results[0]).toEqual(
      expect.objectContaining({ hashAttribute: "company", hashValue: "growthbook" }),
    );
  });

  it("assign the configured shares with uneven weights and slow rollouts", () => {
    const counts = { A: 0, B: 0, C: 0, slow: 0, others: 0 };
    for (let i = 0; i < 4_000; i++) {
      const gb = new GrowthBook({ attributes: { id: `u${i}`, beta: i % 2 === 0 } });
      const key = "3-way-uneven";
      const uneven = {
        key,
        variations: ["A", "B", "C"] as ["A", "B", "C"],
        weights: [0.5, 0.25, 0.25],
      };
      counts[gb.run(uneven).value] += 1;
      const slow = gb.run({
        key: "slow-rollout",
        variations: ["A", "B"],
        coverage: 0.1,
        condition: { beta: true },
      });
      if (slow.inExperiment) counts[i % 2 === 0 ? "slow" : "others"] += 1;
    }
    expect(
      [counts.A / 4_000, counts.B / 4_000, counts.slow / 2_000].map((it) => it.toFixed(1)),
    ).toEqual([0.5, 0.2, 0.1].map((it) => it.toFixed(1)));
    expect(counts.others).toBe(0);
  });
});

describe("the result of an experiment", () => {
  it("has inExperiment, variationId, value, hashAttribute and hashValue", () => {
    const result = new GrowthBook({ attributes: { id: "123" } }).run(EVEN);
    expect(result).toEqual(
      expect.objectContaining({
        inExperiment: true,
        variationId: EVEN.variations.indexOf(result.value),
        hashAttribute: "id",
        hashValue: "123",
      }),
    );
  });

  it("has newer members: hashUsed, key, name, bucket, passthrough, featureId, stickyBucketUsed", () => {
    const meta = [{ key: "c", name: "C", passthrough: true }, {}, {}];
    const result = new GrowthBook({ attributes: { id: "1" } }).run({
      ...EVEN,
      weights: [1, 0, 0],
      meta,
    });
    expect(result).toEqual(
      expect.objectContaining({
        ...{ hashUsed: true, key: "c", name: "C", passthrough: true },
        ...{ bucket: expect.any(Number), featureId: null, stickyBucketUsed: false },
      }),
    );
  });

  it("has hashUsed with the meaning of inExperiment in 0.2.0", () => {
    const forced = new GrowthBook({ forcedVariations: { "my-experiment": 1, "color-test": 0 } });
    const { inExperiment, hashUsed } = forced.run(EVEN);
    expect([inExperiment, hashUsed]).toEqual([true, false]);
    forced.setFeatures(FEATURES);
    expect(forced.getFeatureValue("color", "")).toBe("red");
  });
});

describe("what changed since 0.2.0", () => {
  it("hash version 1 is used unless hashVersion is set", () => {
    const gb = new GrowthBook({ attributes: { id: "1" } });
    expect(gb.run({ ...EVEN, hashVersion: 1 })).toEqual(gb.run(EVEN));
    expect(gb.run({ ...EVEN, hashVersion: 2 }).bucket).not.toBe(gb.run(EVEN).bucket);
  });

  it("all keys of a condition must match, even next to $or", () => {
    const condition = { $or: [{ a: 1 }, { b: 1 }], c: 1 };
    const run = (attributes: object): boolean =>
      new GrowthBook({ attributes: { id: "1", ...attributes } }).run({ ...EVEN, condition })
        .inExperiment;
    expect([run({ a: 1 }), run({ a: 1, c: 1 })]).toEqual([false, true]);
  });

  it("coverage 0 excludes all users, and a missing attribute compares like 0", () => {
    const gb = new GrowthBook({ attributes: { id: "1" } });
    expect(gb.run({ ...EVEN, coverage: 0 }).inExperiment).toBe(false);
    expect(gb.run({ ...EVEN, condition: { age: { $lt: 5 } } }).inExperiment).toBe(true);
    expect(gb.run({ ...EVEN, condition: { age: { $gt: 5 } } }).inExperiment).toBe(false);
  });

  it("the library can request, cache and follow features", async () => {
    const server = await new ShopServer({ payload: SHOP, hasStream: false }).start();
    const gb = new GrowthBook({ apiHost: server.url, clientKey: "MY_API_KEY" });
    expect((await gb.init({ timeout: 20_000 })).success).toBe(true);
    expect(server.requests.map(({ target }) => target)).toEqual(["/api/features/MY_API_KEY"]);
    gb.destroy();
    await server.close();
  });
});

describe("results and the end", () => {
  it("getAllResults returns the last result of each experiment, and subscribe notifies of changes", () => {
    const gb = new GrowthBook({ attributes: { id: "1" } });
    const seen: string[] = [];
    gb.subscribe(({ key }) => void seen.push(key));
    const result = gb.run(EVEN);
    gb.run(EVEN);
    expect([...gb.getAllResults()]).toEqual([["my-experiment", { experiment: EVEN, result }]]);
    expect(seen).toEqual(["my-experiment"]);
  });

  it("a middleware creates an instance for each request and destroys it afterwards", () => {
    const handle = (id: string): unknown => {
      const gb = new GrowthBook({ attributes: { id }, features: FEATURES });
      try {
        return gb.getFeatureValue("color", "");
      } finally {
        gb.destroy();
      }
    };
    expect(["1", "2", ""].map(handle)).toEqual(["pink", "pink", "blue"]);
  });
});
