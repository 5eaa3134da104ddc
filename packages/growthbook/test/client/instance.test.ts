import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Experiment, FeatureDefinition } from "../../src/index.js";
import { BOTH } from "./sdks.js";

const FEATURES: Record<string, FeatureDefinition> = {
  test: { defaultValue: "d", rules: [{ key: "exp", variations: ["a", "b"], weights: [0, 1] }] },
};
/** Created for each instance, because the vendor's setters write to it. */
const base = () => ({ attributes: { id: "u1" }, features: FEATURES });
const EXP: Experiment<string> = { key: "inline", variations: ["x", "y"], weights: [0, 1] };

beforeEach(() => {
  for (const name of ["log", "warn", "error"] as const) vi.spyOn(console, name).mockReturnValue();
});
afterEach(() => vi.restoreAllMocks());

describe.each(BOTH)("an instance of $name", ({ sdk }) => {
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
    gb.setRenderer(() => {
      throw new Error("renderer");
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
    gb.setFeatures(FEATURES);
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
  it("returns the value of a rule whose tracks lack the experiment", () => {
    const calls: unknown[] = [];
    const payload = JSON.parse(
      '{"features":{"remote":{"rules":[{"force":"on","tracks":[{},"x"]}]}}}',
    );
    const client = new sdk.GrowthBookClient({
      trackingCallback: (...given) => void calls.push(given),
      eventLogger: (name) => void calls.push(name),
    }).initSync({ payload });
    expect(client.getFeatureValue("remote", "off", { attributes: { id: "u1" } })).toBe("on");
    const tracked = [undefined, undefined, { attributes: { id: "u1" } }];
    expect(calls).toEqual([tracked, tracked, "Feature Evaluated"]);
  });
});
