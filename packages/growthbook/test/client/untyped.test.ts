import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { FeatureDefinition, UserContext } from "../../src/index.js";
import { BOTH } from "./sdks.js";

beforeAll(() => {
  for (const name of ["error", "warn"] as const) vi.spyOn(console, name).mockReturnValue();
});
afterAll(() => {
  vi.restoreAllMocks();
});

const FEATURES: Record<string, FeatureDefinition> = {
  split: { defaultValue: "d", rules: [{ variations: ["a", "b"], key: "exp" }] },
};
const USER = { attributes: { id: "u1" } };
const FALSY: readonly unknown[] = [undefined, null, 0, "", false, Number.NaN];

const logged =
  (urls: unknown[]) =>
  (_name: string, _properties: object, user: { readonly url?: unknown }): void =>
    void urls.push(user.url);

/** Casts a value that an untyped program may pass although the declarations expect another type. */
const anything = (value: unknown): never => value as never;

describe.each(BOTH)("an untyped program with $name", ({ sdk }) => {
  const gbOf = (options: object = {}) =>
    new sdk.GrowthBook({ features: FEATURES, ...USER, ...options });
  const clientOf = (options: object = {}) =>
    new sdk.GrowthBookClient(options).initSync({ payload: { features: FEATURES } });

  it.each([5n, () => 1, Object.assign([], { 0: 5n })])(
    "runs an experiment whose key is %s, weights are odd and coverage is too large",
    (key) => {
      const weights = [Object.create(null), Symbol("w")];
      for (const odd of [{ weights: [5] }, { coverage: 2 }, { weights, hashVersion: 3 }]) {
        const experiment = anything({ key, variations: ["a", "b"], active: false, ...odd });
        const results = [gbOf().run(experiment), clientOf().runInlineExperiment(experiment, USER)];
        expect(results.map(({ value }) => value)).toEqual(["a", "a"]);
      }
    },
  );

  it.each(FALSY)("unsets the URL by %s", async (url) => {
    const gb = gbOf({ url: "https://example.com/?exp=1" });
    expect(gb.getFeatureValue("split", "")).toBe("b");
    await gb.setURL(anything(url));
    expect([gb.getUrl(), gb.getFeatureValue("split", "")]).toEqual(["", "a"]);
  });

  it.each(FALSY)("has no experiments by %s", (experiments) => {
    const gb = gbOf({ experiments: [{ key: "auto", variations: [{}, {}] }] });
    gb.setExperiments(anything(experiments));
    expect([gb.triggerExperiment("auto"), gb.getExperiments()]).toEqual([null, []]);
  });

  it.each(FALSY)("blocks no change by %s", (blockedChangeIds) => {
    const trackingCallback = vi.fn();
    const variations = [{ css: "p {}" }, { css: "b {}" }];
    const experiments = [{ key: "auto", changeId: "c", variations }];
    gbOf({ blockedChangeIds, experiments, trackingCallback });
    expect(trackingCallback).toHaveBeenCalledOnce();
  });

  it.each(FALSY)("forces no features by %s", (values) => {
    const gb = gbOf({ forcedFeatureValues: values });
    expect(gb.getFeatureValue("split", "")).toBe("a");
    gb.setForcedFeatures(new Map([["split", "c"]]));
    expect(gb.getFeatureValue("split", "")).toBe("c");
    gb.setForcedFeatures(anything(values));
    expect([gb.getFeatureValue("split", ""), gb.getForcedFeatures().size]).toEqual(["a", 0]);
    const client = clientOf({ forcedFeatureValues: values });
    const user = { ...USER, forcedFeatureValues: values } as UserContext;
    expect(client.getFeatureValue("split", "", user)).toBe("a");
  });

  it.each(FALSY)("forces no variations by %s", async (variations) => {
    const gb = gbOf({ forcedVariations: variations });
    expect([gb.getForcedVariations(), gb.getFeatureValue("split", "")]).toEqual([{}, "a"]);
    await gb.setForcedVariations(anything(variations));
    expect([gb.getForcedVariations(), gb.getFeatureValue("split", "")]).toEqual([{}, "a"]);
    const client = clientOf({ forcedVariations: variations });
    const user = { ...USER, forcedVariations: variations } as UserContext;
    expect(client.getFeatureValue("split", "", user)).toBe("a");
  });

  it.each(['{"then":{"then":1}}', '{"toJSON":1}', '{"a":1}', '{"length":2}', "5"])(
    "assigns no value, and reports no usage, of variations that are %s",
    (json) => {
      const ranges = [[0, 0.5] as const, [0.5, 1] as const];
      const variations = JSON.parse(json);
      const features = { f: { rules: [{ variations, ranges }] } };
      const used: unknown[] = [];
      const onFeatureUsage = (key: string): void => void used.push(key);
      const instances = [
        gbOf({ features, onFeatureUsage }),
        gbOf({ onFeatureUsage }).initSync({ payload: anything(structuredClone({ features })) }),
      ];
      for (const gb of instances) {
        for (let i = 0; i < 2; i++) {
          const { source, value } = gb.evalFeature("f");
          expect([source, value]).toEqual(["experiment", undefined]);
        }
      }
      expect(used).toEqual([]);
    },
  );

  it.each([undefined, null])("keeps the features when the payload is %s", async (payload) => {
    for (const it of [gbOf(), clientOf()]) {
      await it.setPayload(anything(payload));
      expect(it.getFeatures()).toEqual(FEATURES);
      expect(it.getPayload().features).toEqual(FEATURES);
      expect(it.ready).toBe(true);
    }
  });

  it.each([undefined, null, 0, "", false, 5, true])("takes %s for no options", async (options) => {
    for (const it of [
      new sdk.GrowthBook(anything(options)),
      new sdk.GrowthBookClient(anything(options)),
    ]) {
      expect(it.getFeatures()).toEqual({});
      await expect(it.init(anything(options))).rejects.toThrow("Missing clientKey");
      await expect(it.refreshFeatures(anything(options))).rejects.toThrow("Missing clientKey");
      it.destroy(anything(options));
      expect(it.isDestroyed()).toBe(true);
    }
    await expect(gbOf().loadFeatures(anything(options))).rejects.toThrow("Missing clientKey");
  });

  it.each(FALSY)("takes %s for no plugins", (plugins) => {
    expect(gbOf({ plugins }).isOn("split")).toBe(true);
    const client = clientOf({ plugins });
    expect(client.createScopedInstance(USER, anything(plugins)).isOn("split")).toBe(true);
  });

  it.each([0, 5, "", "u1", true])("takes %s for a user without attributes", (user) => {
    const client = clientOf();
    expect(client.evalFeature("split", anything(user))).toMatchObject({ source: "defaultValue" });
    expect(client.isOn("split", anything(user))).toBe(true);
    const experiment = { key: "exp", variations: [0, 1] as [number, number] };
    expect(client.runInlineExperiment(experiment, anything(user)).inExperiment).toBe(false);
  });

  it.each(FALSY)("passes an empty URL to callbacks after setURL(%s)", async (url) => {
    const urls: unknown[] = [];
    const gb = gbOf({ url: "https://example.com", eventLogger: logged(urls) });
    await gb.setURL(anything(url));
    await gb.logEvent("bought");
    expect(urls).toEqual([""]);
  });

  it.each([0, -1, 1.5, true, {}, "text"])("asks nobody of %s, which are no subscribers", (subs) => {
    const user = { ...USER, featureUsageSubs: subs, experimentViewedSubs: subs };
    const client = clientOf();
    expect(client.createScopedInstance(anything(user)).isOn("split")).toBe(true);
  });

  it.each([null, 0, "", false, Number.NaN])("needs no documents for %s experiments", (none) => {
    const service = { getAllAssignmentsSync: (attributes: object) => attributes };
    const payload = { features: none, experiments: none };
    const gb = gbOf();
    const docs = gb.generateStickyBucketAssignmentDocsSync(anything(service), anything(payload));
    expect(docs).toEqual({ id: "u1" });
  });

  it.each([{}, { getAllAssignments: async () => ({}) }])(
    "loads no documents at once from a service that cannot do so: %o",
    (service) => {
      const gb = gbOf();
      expect(gb.generateStickyBucketAssignmentDocsSync(anything(service), {})).toBeUndefined();
    },
  );

  it("returns forced features as they were passed", () => {
    const gb = gbOf({ forcedFeatureValues: [] });
    expect([gb.getForcedFeatures(), gb.isOn("split")]).toEqual([[], true]);
    gb.setForcedFeatures(new Map());
    gb.setForcedFeatures(anything([]));
    expect([gb.getForcedFeatures(), gb.isOn("split")]).toEqual([[], true]);
  });

  it("treats NaN as a payload without parts", async () => {
    const gb = gbOf();
    await gb.setPayload(anything(Number.NaN));
    expect(gb.getDecryptedPayload()).toEqual({});
  });

  it("reports an experiment's weights as the weights of its contextual bandit", () => {
    const contextualBandit = { leafId: 1, variationWeights: [0.5, 0.5] };
    const experiment = { key: "exp", variations: ["a", "b"], weights: [0, 1], contextualBandit };
    for (const result of [
      gbOf().run(anything(structuredClone(experiment))),
      clientOf().runInlineExperiment(anything(structuredClone(experiment)), USER),
    ]) {
      expect([result.leafId, result.variationWeights]).toEqual([1, [0, 1]]);
    }
  });

  it("lists changes with ids of any type", () => {
    const experiments = [
      { key: "v", variations: [{}, { css: "p {}" }], weights: [0, 1], changeId: 7 },
    ];
    expect(gbOf({ experiments }).getCompletedChangeIds()).toEqual([7]);
  });
});
