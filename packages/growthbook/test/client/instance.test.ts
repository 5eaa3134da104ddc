import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type {
  AutoExperiment,
  Experiment,
  FeatureDefinition,
  UserContext,
} from "../../src/index.js";
import { BOTH } from "./sdks.js";
import { SHOP } from "./shop-payload.js";

const FEATURES: Record<string, FeatureDefinition> = {
  test: { defaultValue: "d", rules: [{ key: "exp", variations: ["a", "b"], weights: [0, 1] }] },
  child: {
    defaultValue: 1,
    rules: [{ parentConditions: [{ id: "test", condition: { value: "b" } }], force: 2 }],
  },
  falsy: { defaultValue: 0 },
  nothing: { defaultValue: null },
};
/** Created for each instance, because the vendor's setters write to it. */
const base = () => ({ attributes: { id: "u1" }, features: FEATURES });
const EXP: Experiment<string> = { key: "inline", variations: ["x", "y"], weights: [0, 1] };

beforeEach(() => {
  for (const name of ["log", "warn", "error"] as const) vi.spyOn(console, name).mockReturnValue();
});
afterEach(() => vi.restoreAllMocks());

/** Returns what a renderer and a tracking callback receive in a program. */
async function rendered({ sdk }: (typeof BOTH)[number]): Promise<unknown[]> {
  const calls: unknown[] = [];
  const autoExperiment = (key: string): AutoExperiment => ({
    key,
    manual: false,
    variations: [{}, { css: "" }],
  });
  const gb = new sdk.GrowthBook({
    attributes: { id: "u1" },
    renderer(this: unknown) {
      calls.push([this === gb, gb.ready, gb.getAttributes(), { ...gb.getForcedVariations() }]);
      throw new Error("renderer");
    },
    trackingCallback: ({ key }) => void calls.push(key),
  });
  gb.initSync({ payload: { features: {} } });
  calls.push("initSync");
  await gb.setPayload({ experiments: [autoExperiment("first")] });
  gb.setFeatures(FEATURES);
  gb.setExperiments([autoExperiment("second")]);
  const changes = [
    gb.setAttributes({ id: "u2" }),
    gb.updateAttributes({ plan: "pro" }),
    gb.setAttributeOverrides({ id: "u3" }),
    gb.setForcedVariations({ second: 0 }),
    gb.setURL("https://example.com"),
  ];
  gb.setForcedFeatures(new Map());
  gb.forceVariation("second", 1);
  calls.push("changed");
  await Promise.all(changes);
  gb.setRenderer(() => void calls.push("another renderer"));
  gb.setFeatures({});
  gb.setRenderer(null);
  gb.setFeatures({});
  gb.destroy();
  return calls;
}

it("a renderer is called after the same changes as the vendor's, at the same time", async () => {
  const [theirs = [], ours] = await Promise.all(BOTH.map(rendered));
  expect(ours).toEqual(theirs);
  expect(theirs.filter(Array.isArray)).toHaveLength(8);
  expect(theirs).toContain("another renderer");
});

describe.each(BOTH)("an instance of $name", ({ sdk }) => {
  it("keeps exposures until a callback is set", () => {
    const gb = new sdk.GrowthBook(base());
    gb.isOn("test");
    gb.isOn("test");
    gb.run(EXP);
    const deferred = gb.getDeferredTrackingCalls();
    expect(deferred.map(({ experiment, user }) => [experiment.key, user])).toEqual([
      ["exp", { attributes: { id: "u1" }, url: "" }],
      ["inline", { attributes: { id: "u1" }, url: "" }],
    ]);
    const seen: string[] = [];
    gb.setTrackingCallback(({ key }) => void seen.push(key));
    expect([seen, gb.getDeferredTrackingCalls()]).toEqual([["exp", "inline"], []]);
    // Quirk: a repeated exposure is also kept.
    gb.isOn("test");
    expect(gb.getDeferredTrackingCalls()).toHaveLength(1);
    const other = new sdk.GrowthBook(base());
    other.setDeferredTrackingCalls([...deferred, null as never]);
    expect(other.getDeferredTrackingCalls()).toEqual(deferred);
    other.setTrackingCallback(({ key }) => void seen.push(key));
    expect(seen).toEqual(["exp", "inline", "exp", "inline"]);
  });

  it("returns new objects for each evaluation", async () => {
    const attributes: Record<string, unknown> = { id: "u1", plan: "free" };
    const gb = new sdk.GrowthBook({ ...base(), attributes });
    const read = () => ({
      call: gb.getDeferredTrackingCalls()[0],
      assigned: gb.getAllResults().get("exp"),
    });
    for (const ask of [() => gb.isOn("test"), () => gb.evalFeature("test")]) {
      for (let i = 0; i < 3; i++) ask();
      const { assigned, call } = read();
      expect(read().call === call && read().assigned === assigned).toBe(true);
      expect(call?.experiment === assigned?.experiment && call?.result === assigned?.result).toBe(
        true,
      );
      const { experiment, experimentResult } = gb.evalFeature("test");
      expect(read().call?.experiment === experiment).toBe(true);
      expect(read().assigned?.result === experimentResult).toBe(true);
      expect([call?.experiment === experiment, call?.result === experimentResult]).toEqual([
        ...[false, false],
      ]);
      expect([experiment, experimentResult]).toEqual([call?.experiment, call?.result]);
      // Only holders of the object see its change, not later evaluations.
      Object.assign(experiment ?? {}, { name: "changed" });
      Object.assign(experimentResult ?? {}, { value: "changed" });
      expect(read().call).toMatchObject({ experiment: { name: "changed" } });
      ask();
      expect(read().call).toEqual(call);
    }
  });

  it("defers a repeated exposure with the user of the last evaluation", async () => {
    const attributes: Record<string, unknown> = { id: "u1" };
    const gb = new sdk.GrowthBook({ ...base(), attributes });
    const seen: unknown[] = [];
    const ask = () => {
      gb.isOn("test");
      gb.isOn("test");
      seen.push(gb.getDeferredTrackingCalls().map(({ user }) => user));
    };
    ask();
    attributes["plan"] = "pro";
    ask();
    delete attributes["plan"];
    gb.isOn("test");
    await gb.setURL("https://x.example/");
    ask();
    await gb.setAttributeOverrides({ plan: "team" });
    ask();
    await gb.setAttributes({ id: "u2" });
    ask();
    expect(seen).toEqual([
      [{ attributes: { id: "u1" }, url: "" }],
      [{ attributes: { id: "u1", plan: "pro" }, url: "" }],
      [{ attributes: { id: "u1" }, url: "https://x.example/" }],
      [{ attributes: { id: "u1", plan: "team" }, url: "https://x.example/" }],
      [
        { attributes: { id: "u1", plan: "team" }, url: "https://x.example/" },
        { attributes: { id: "u2", plan: "team" }, url: "https://x.example/" },
      ],
    ]);
  });

  it("survives callbacks that throw or reject", async () => {
    const gb = new sdk.GrowthBook({
      ...base(),
      trackingCallback: async () => {
        throw new Error("tracking");
      },
      onFeatureUsage: () => {
        throw new Error("usage");
      },
      eventLogger: () => {
        throw new Error("logger");
      },
    });
    gb.subscribe(() => {
      throw new Error("subscriber");
    });
    gb._subscribeExperimentViewed(() => {
      throw new Error("viewed");
    });
    gb._subscribeFeatureUsage(() => {
      throw new Error("used");
    });
    gb.onDestroy(() => {
      throw new Error("destroyed");
    });
    expect([gb.getFeatureValue("test", ""), gb.run(EXP).value]).toEqual(["b", "y"]);
    await gb.logEvent("x");
    gb.destroy();
  });

  it("calls subscribers when a result changes, until they unsubscribe", async () => {
    const gb = new sdk.GrowthBook(base());
    const seen: unknown[] = [];
    const leave = gb.subscribe(({ key }, { variationId, inExperiment }) => {
      seen.push([key, variationId, inExperiment]);
    });
    gb.run(EXP);
    gb.run(EXP);
    gb.isOn("test");
    await gb.setAttributes({});
    gb.run(EXP);
    leave();
    await gb.setAttributes({ id: "u1" });
    gb.run(EXP);
    expect(seen).toEqual([
      ["inline", 1, true],
      ["exp", 1, true],
      ["inline", 0, false],
    ]);
    expect([...gb.getAllResults().keys()]).toEqual(["inline", "exp"]);
  });

  it("notifies plugins of usage, exposures and events", async () => {
    const gb = new sdk.GrowthBook({ ...base(), eventLogger: () => {} });
    const seen: unknown[] = [];
    const leave = [
      gb._subscribeFeatureUsage((key) => void seen.push(["used", key])),
      gb._subscribeExperimentViewed(({ key }, _, user) => void seen.push(["viewed", key, user])),
      gb._subscribeCustomEvents((name, properties) => void seen.push(["event", name, properties])),
    ];
    gb.isOn("child");
    await gb.logEvent("mine");
    for (const it of leave) it();
    await gb.setAttributes({ id: "u2" });
    gb.isOn("child");
    await gb.logEvent("mine");
    expect(seen).toEqual([
      ["viewed", "exp", { attributes: { id: "u1" }, url: "" }],
      ["used", "test"],
      ["used", "child"],
      ["event", "mine", {}],
    ]);
  });

  it("returns from its getters what was set", async () => {
    const gb = new sdk.GrowthBook({ clientKey: "k", apiHost: "https://a.example//" });
    expect([gb.getApiInfo(), gb.getClientKey(), gb.isRemoteEval()]).toEqual([
      ["https://a.example", "k"],
      "k",
      false,
    ]);
    expect(gb.getApiHosts()).toEqual({
      apiHost: "https://a.example",
      streamingHost: "https://a.example",
      apiRequestHeaders: undefined,
      streamingHostRequestHeaders: undefined,
    });
    expect([gb.getFeatures(), gb.getExperiments(), gb.getPayload()]).toEqual([
      {},
      [],
      { features: {}, experiments: [] },
    ]);
    expect([gb.getUrl(), gb.getAttributes(), gb.getForcedVariations()]).toEqual(["", {}, {}]);
    expect([...gb.getForcedFeatures(), gb.getStickyBucketAssignmentDocs()]).toEqual([{}]);
    gb.setFeatures(FEATURES);
    expect([gb.ready, gb.getFeatures()]).toEqual([true, FEATURES]);
    await gb.setAttributes({ id: "u1", a: 1 });
    await gb.updateAttributes({ b: 2 });
    await gb.setAttributeOverrides({ a: 3 });
    expect(gb.getAttributes()).toEqual({ id: "u1", a: 3, b: 2 });
    gb.forceVariation("exp", 0);
    expect([gb.getForcedVariations(), gb.getFeatureValue("test", "")]).toEqual([{ exp: 0 }, "a"]);
    expect([gb.getCacheKeyAttributes(), gb.getRedirectUrl()]).toEqual([undefined, ""]);
  });

  it("applies setters immediately, even if they are not awaited", () => {
    const gb = new sdk.GrowthBook({ features: FEATURES });
    expect(gb.getFeatureValue("test", "")).toBe("d");
    void gb.setAttributes({ id: "u1" });
    expect(gb.getFeatureValue("test", "")).toBe("b");
  });

  it("still evaluates after destroy, but has forgotten what it tracked", () => {
    const seen: string[] = [];
    const gb = new sdk.GrowthBook({
      ...base(),
      trackingCallback: ({ key }) => void seen.push(key),
    });
    gb.onDestroy(() => seen.push("destroyed"));
    gb.isOn("test");
    gb.destroy();
    expect([gb.isDestroyed(), gb.getAllResults().size, gb.getFeatureValue("test", "")]).toEqual([
      ...[true, 0, "b"],
    ]);
    expect(seen).toEqual(["exp", "destroyed", "exp"]);
    gb.destroy();
  });

  it("does not call callbacks that an onDestroy callback adds", () => {
    const gb = new sdk.GrowthBook(base());
    const seen: string[] = [];
    gb.onDestroy(() => {
      seen.push("first");
      gb.onDestroy(() => seen.push("added"));
    });
    gb.onDestroy(() => seen.push("second"));
    gb.destroy();
    gb.destroy();
    expect(seen).toEqual(["first", "second"]);
  });

  it("supports the deprecated options user, groups and overrides", () => {
    const gb = new sdk.GrowthBook({
      features: {},
      user: { id: "u1", anonId: "a" },
      attributes: { id: "u2" },
      groups: { beta: true },
      overrides: { inline: { force: 0 }, off: { status: "draft" } },
    });
    expect(gb.run(EXP)).toEqual(expect.objectContaining({ variationId: 0, hashValue: "u2" }));
    expect(gb.run({ ...EXP, key: "a", hashAttribute: "anonId" }).hashValue).toBe("a");
    expect(gb.run({ ...EXP, key: "b", groups: ["beta"] }).inExperiment).toBe(true);
    expect(gb.run({ ...EXP, key: "c", groups: ["other"] }).inExperiment).toBe(false);
    expect(gb.run({ ...EXP, key: "off" }).inExperiment).toBe(false);
  });

  it("matches the vendor if overrides replace the identity of an experiment", () => {
    const override = { key: "new", variations: ["p", "q", "r"], meta: [{}, { key: "m1" }, {}] };
    const seen: unknown[] = [];
    for (const [key, settings] of [
      ["key", {}],
      ["variations", {}],
      ["both", {}],
      ["both", { enabled: false }],
      ["both", { url: "https://example.com/?inline=1&f=0" }],
      ["both", { forcedVariations: { inline: 2, f: 1, new: 0 } }],
    ] as const) {
      const { key: newKey, ...others } = override;
      const given = key === "key" ? { key: newKey } : key === "both" ? override : others;
      for (let i = 0; i < 10; i++) {
        const gb = new sdk.GrowthBook({
          attributes: { id: `u${i}` },
          features: { f: { defaultValue: "d", rules: [{ variations: ["x", "y"] }] } },
          overrides: { inline: given as never, f: given as never, short: given as never },
          stickyBucketService: { getAllAssignments: async () => ({}), saveAssignments } as never,
          stickyBucketAssignmentDocs: {},
          debug: true,
          log: (line, { id }) => void seen.push([line, id]),
          trackingCallback: (...call) => void seen.push(call),
          ...settings,
        });
        seen.push(gb.evalFeature("f"), gb.run({ key: "inline", variations: ["x", "y"] }));
        seen.push(gb.run({ key: "short", variations: ["x"] as never }));
        seen.push([...gb.getAllResults()], gb.getStickyBucketAssignmentDocs());
        gb.destroy();
      }
    }
    async function saveAssignments(document: object): Promise<void> {
      seen.push(document);
    }
    expect(structuredClone(seen)).toMatchSnapshotOfVendor(sdk);
  });

  it("has already completed a change, even an overridden one, when it logs that the user is in the experiment", () => {
    const seen: unknown[] = [];
    const gb = new sdk.GrowthBook({
      attributes: { id: "u1" },
      features: { f: { rules: [{ key: "of-a-rule", variations: [0, 1] }] } },
      overrides: { "of-a-rule": { changeId: "c2" } as never },
      debug: true,
      log: (line, { id }) => void seen.push([line, id, gb.getCompletedChangeIds()]),
      trackingCallback: ({ key }) => void seen.push([key, gb.getCompletedChangeIds()]),
    });
    gb.run({ ...EXP, changeId: "c1" } as never);
    gb.isOn("f");
    gb.destroy();
    expect([seen, gb.getCompletedChangeIds()]).toEqual([
      [
        ["inline", []],
        ["In experiment", "inline", ["c1"]],
        ["of-a-rule", ["c1"]],
        ["In experiment", "of-a-rule", ["c1", "c2"]],
      ],
      [],
    ]);
  });

  it("writes evaluation steps to the option `log`", () => {
    const lines: string[] = [];
    const gb = new sdk.GrowthBook({ ...base(), debug: true, log: (line) => void lines.push(line) });
    gb.isOn("child");
    gb.isOn("nope");
    expect(lines).toMatchSnapshotOfVendor(sdk);
    gb.debug = false;
    gb.isOn("nope");
    expect(lines.filter((line) => line === "Unknown feature")).toHaveLength(1);
  });

  it.each([
    { because: "the features lead to each other", features: { a: ["b"], b: ["a"] }, from: "b" },
    { because: "the feature leads to itself", features: { a: ["a"] }, from: "a" },
    { because: "another one was evaluated before", features: { a: ["c", "a"], c: [] }, from: "c" },
    { because: "an unknown one was before", features: { a: ["gone", "a"] }, from: "gone" },
  ])("names both features of a cycle in the log: $because", ({ features, from }) => {
    const needs = (ids: readonly string[]): FeatureDefinition => ({
      rules: [{ parentConditions: ids.map((id) => ({ id, condition: {} })), force: 1 }],
    });
    const cyclic = Object.fromEntries(
      Object.entries(features).map(([key, ids]) => [key, needs(ids)]),
    );
    const lines: unknown[] = [];
    const log = (...line: unknown[]): void => void lines.push(line);
    const gb = new sdk.GrowthBook({ features: cyclic, debug: true, log });
    expect(gb.evalFeature("a").source).toBe("cyclicPrerequisite");
    expect(lines.at(-1)).toEqual([
      `evalFeature: circular dependency detected: ${from} -> a`,
      { from, to: "a" },
    ]);
  });

  it("applies changes to an inline experiment", () => {
    const gb = new sdk.GrowthBook(base());
    const experiment = { ...EXP };
    expect(gb.run(experiment).variationId).toBe(1);
    experiment.weights = [1, 0];
    expect(gb.run(experiment).variationId).toBe(0);
  });
});

describe.each(BOTH)("a client for many users of $name", ({ sdk }) => {
  const user = (more: UserContext = {}): UserContext => ({ attributes: { id: "u1" }, ...more });

  it("tracks repetitions, and calls global callbacks first", () => {
    const calls: unknown[] = [];
    const client = new sdk.GrowthBookClient({
      globalAttributes: { site: "s", id: "global" },
      trackingCallback: ({ key }, _, who) => void calls.push(["global", key, who]),
      onFeatureUsage: (key, _, who) => void calls.push(["usage", key, who]),
    }).initSync({ payload: { features: FEATURES } });
    const who = user({ trackingCallback: ({ key }) => void calls.push(["own", key]) });
    client.isOn("test", who);
    client.isOff("test", who);
    client.runInlineExperiment(EXP, user());
    expect(calls).toMatchSnapshotOfVendor(sdk);
    expect(client.getGlobalAttributes()).toEqual({ site: "s", id: "global" });
    client.setGlobalAttributes({});
    expect(client.getFeatureValue("test", "", {})).toBe("d");
  });

  it("returns the value of a rule whose tracks lack the experiment", () => {
    const calls: unknown[] = [];
    const payload = JSON.parse(
      '{"features":{"remote":{"rules":[{"force":"on","tracks":[{},"x"]}]}}}',
    );
    const client = new sdk.GrowthBookClient({
      trackingCallback: (...given) => void calls.push(given),
      eventLogger: (name) => void calls.push(name),
    }).initSync({ payload });
    expect(client.getFeatureValue("remote", "off", user())).toBe("on");
    const tracked = [undefined, undefined, { attributes: { id: "u1" } }];
    expect(calls).toEqual([tracked, tracked, "Feature Evaluated"]);
  });

  it("merges global and user settings, with precedence for the user", () => {
    const client = new sdk.GrowthBookClient({
      forcedVariations: { exp: 0, inline: 0 },
      forcedFeatureValues: new Map([["falsy", 1 as unknown]]),
    }).initSync({ payload: { features: FEATURES } });
    expect(client.getFeatureValue("test", "", user({ forcedVariations: { exp: 1 } }))).toBe("b");
    expect(client.getFeatureValue("test", "", user())).toBe("a");
    const forced = new Map([["falsy", 2 as unknown]]);
    expect(client.getFeatureValue("falsy", 0, user({ forcedFeatureValues: forced }))).toBe(2);
    expect(client.getFeatureValue("falsy", 0, user())).toBe(1);
    expect(client.runInlineExperiment(EXP, user({ enabled: false })).inExperiment).toBe(false);
    expect(client.runInlineExperiment({ ...EXP, key: "q" }, user({ qaMode: true })).hashUsed).toBe(
      false,
    );
  });

  it("creates scoped instances that each skip their own repetitions", async () => {
    const calls: unknown[] = [];
    const client = new sdk.GrowthBookClient({
      clientKey: "k",
      trackingCallback: ({ key }) => void calls.push(key),
      plugins: [(gb) => void calls.push("createScopedInstance" in gb ? "client" : "scoped")],
    }).initSync({ payload: SHOP });
    client.setEventLogger((name, properties) => void calls.push([name, properties]));
    const scoped = client.createScopedInstance(user({ enableDevMode: true }), [
      () => void calls.push("own plugin"),
    ]);
    scoped.isOn("new-checkout");
    scoped.isOn("new-checkout");
    client.createScopedInstance(user()).isOn("new-checkout");
    scoped.logEvent("mine");
    scoped.setURL("https://x.example/?inline=0");
    scoped.updateAttributes({ country: "DE" });
    scoped.setAttributeOverrides({ id: "u9" });
    await scoped.setForcedVariations({ "checkout-test": 0 });
    scoped.setForcedFeatures(new Map([["banner", "b" as unknown]]));
    calls.push(
      scoped.runInlineExperiment(EXP),
      scoped.evalFeature("banner"),
      scoped.isOff("members"),
    );
    calls.push(scoped.getFeatureValue("new-checkout", 1), scoped.getUserContext().attributes);
    calls.push(scoped.getApiInfo(), scoped.getClientKey(), scoped.inDevMode());
    calls.push(
      scoped.logs.map(({ logType }) => logType),
      scoped.getDecryptedPayload().dateUpdated,
    );
    calls.push([...(scoped.getUserContext().trackedExperiments ?? [])]);
    calls.push(scoped.getUserContext().trackedFeatureUsage);
    expect(calls).toMatchSnapshotOfVendor(sdk);
  });

  it("forgets everything when it is destroyed", () => {
    const client = new sdk.GrowthBookClient({ clientKey: "k" }).initSync({ payload: SHOP });
    client.destroy();
    expect([client.isDestroyed(), client.getFeatures(), client.getClientKey()]).toEqual([
      ...[true, {}, ""],
    ]);
    expect(client.isOn("new-checkout", user())).toBe(false);
  });
});

/** Results of a test with the vendor's SDK, which our run must match. */
const seenByVendor = new Map<string, unknown>();

expect.extend({
  toMatchSnapshotOfVendor(received: unknown, sdk: unknown) {
    const { currentTestName = "" } = this;
    const test = currentTestName.replace(/ of '(the vendor|ours)'/, "");
    const plain = JSON.parse(JSON.stringify(received)) as unknown;
    if (sdk === BOTH[0]?.sdk) {
      seenByVendor.set(test, plain);
      return { pass: true, message: () => "" };
    }
    const expected = seenByVendor.get(test);
    return {
      pass: expected !== undefined && this.equals(plain, expected),
      message: () => `differs from the vendor:\n${this.utils.diff(expected, plain)}`,
    };
  },
});

declare module "vitest" {
  interface Matchers<T> {
    toMatchSnapshotOfVendor(sdk: unknown): T;
  }
}
