import { afterEach, describe, expect, it } from "vitest";
import { freshValue } from "../../src/dialect/fresh-value.js";
import {
  clearCache,
  type Experiment,
  type FeatureDefinition,
  GrowthBook,
  GrowthBookClient,
} from "../../src/index.js";
import { BOTH } from "./sdks.js";
import { ShopServer } from "./shop-server.js";

/** Returns a circular value, and a value whose naive copy would have 2^40 members. */
function knots(): readonly object[] {
  const self: Record<string, unknown> = { name: "self" };
  self["self"] = self;
  const list: unknown[] = [self];
  list.push(list);
  let shared: object = {};
  for (let i = 0; i < 40; i++) shared = [shared, shared];
  return [self, list, shared];
}

describe.each(BOTH)("values that the caller passes to $name are returned unchanged:", ({ sdk }) => {
  const user = { attributes: { id: "u1" } };
  const values = [...knots(), { plain: [1, { deep: true }] }, [1, 2]];

  it.each(values.map((value, i) => ({ value, i })))(
    "a variation of an experiment in code, value $i",
    ({ value }) => {
      const experiment = { key: "e", variations: [value, value] as [object, object] };
      const seen: unknown[] = [];
      const gb = new sdk.GrowthBook({
        ...user,
        trackingCallback: (_, result) => void seen.push(result.value),
      });
      const result = gb.run(experiment);
      expect(result.value === value).toBe(true);
      expect(gb.getAllResults().get("e")?.result.value === value).toBe(true);
      expect(seen.length === 1 && seen[0] === value).toBe(true);
      const client = new sdk.GrowthBookClient();
      expect(client.runInlineExperiment(experiment, user).value === value).toBe(true);
    },
  );

  it.each(values.map((value, i) => ({ value, i })))("a forced value, value $i", ({ value }) => {
    const forced = new Map([["f", value]]);
    const gb = new sdk.GrowthBook({ ...user, features: { f: { defaultValue: 1 } } });
    gb.setForcedFeatures(forced);
    expect(gb.getFeatureValue<unknown, string>("f", 0) === value).toBe(true);
    expect(gb.evalFeature("f").value === value).toBe(true);
    const client = new sdk.GrowthBookClient({ forcedFeatureValues: forced });
    expect(client.getFeatureValue<unknown, string>("f", 0, user) === value).toBe(true);
  });

  it.each([
    { how: "a default value", feature: (value: object) => ({ defaultValue: value }) },
    { how: "a forced rule", feature: (value: object) => ({ rules: [{ force: value }] }) },
    {
      how: "an experiment rule",
      feature: (value: object) => ({ rules: [{ variations: [value, value] }] }),
    },
  ])("a feature of an object: $how", async ({ feature }) => {
    const value = { plain: [1, { deep: true }] };
    const features = { f: feature(value) as FeatureDefinition };
    const made = [
      new sdk.GrowthBook({ ...user, features }),
      new sdk.GrowthBook(user),
      new sdk.GrowthBook(user).initSync({ payload: { features } }),
      new sdk.GrowthBook(user),
      new sdk.GrowthBook(user),
    ];
    made[1]?.setFeatures(features);
    await made[3]?.setPayload({ features });
    await made[4]?.init({ payload: { features } });
    for (const gb of made) expect(gb.evalFeature("f").value === value).toBe(true);
    const client = new sdk.GrowthBookClient().initSync({ payload: { features } });
    expect(client.evalFeature("f", user).value === value).toBe(true);
    expect(client.getFeatureValue<unknown, string>("f", 0, user) === value).toBe(true);
  });
});

describe("a feature whose value cannot be serialized", () => {
  it("still returns the value", () => {
    for (const value of knots().slice(0, 2)) {
      const features = { f: { defaultValue: value } };
      const gb = new GrowthBook({ features });
      expect(gb.getFeatureValue<unknown, string>("f", 0) === value).toBe(true);
      const client = new GrowthBookClient({ onFeatureUsage: () => {} });
      client.initSync({ payload: { features } });
      expect(client.getFeatureValue<unknown, string>("f", 0, {}) === value).toBe(true);
    }
  });
});

describe("a value from the API", () => {
  afterEach(() => clearCache());

  it("is copied for each caller", async () => {
    const payload = {
      features: { f: { defaultValue: { list: [1] } } },
      experiments: [
        {
          key: "e",
          variations: [
            { css: "", list: [1] },
            { css: "", list: [1] },
          ],
        },
      ],
    };
    const server = await new ShopServer({ payload, hasStream: false }).start();
    try {
      const options = { apiHost: server.url, clientKey: "key", attributes: { id: "1" } };
      for (let i = 0; i < 2; i++) {
        const gb = new GrowthBook(options);
        await gb.init();
        const value = gb.getFeatureValue<{ list: number[] }, string>("f", { list: [] });
        const ofExperiment = gb.getAllResults().get("e")?.result.value as { list: number[] };
        expect([value, ofExperiment]).toEqual([{ list: [1] }, { css: "", list: [1] }]);
        value.list.push(2);
        ofExperiment.list.push(2);
        gb.destroy();
      }
      expect(server.requests).toHaveLength(1);
    } finally {
      await server.close();
    }
  });
});

describe("a copy", () => {
  it("has the same cycles and shared references", () => {
    const [self, list, shared] = knots();
    const copy = freshValue(self) as Record<string, unknown>;
    expect([copy === self, copy["self"] === copy, copy["name"]]).toEqual([false, true, "self"]);
    const [inner, outer, ...more] = freshValue(list) as unknown[];
    expect([outer !== list, (inner as typeof copy)["self"] === inner, more]).toEqual([
      true,
      true,
      [],
    ]);
    let twin = freshValue(shared) as unknown[];
    for (let i = 0; i < 40; i++) {
      expect(twin[0] === twin[1]).toBe(true);
      twin = twin[0] as unknown[];
    }
    // More objects than are searched one by one.
    const many = Array.from({ length: 100 }, (_, i) => ({ i, own: null as unknown }));
    for (const it of many) it.own = it;
    const copies = freshValue([...many, ...many]) as typeof many;
    expect(copies).toHaveLength(200);
    for (const [i, it] of copies.entries()) {
      expect(it.own === it && it === copies[i % 100] && it !== many[i % 100]).toBe(true);
    }
  });
});

describe.each(BOTH)("$name", ({ sdk }) => {
  it("reads the option user at each evaluation", () => {
    const user: Record<string, string> = { id: "alice" };
    const users: unknown[] = [];
    const gb = new sdk.GrowthBook({
      user,
      attributes: { country: "DK" },
      trackingCallback: (_, __, of) => void users.push(of?.attributes),
    });
    const experiment: Experiment<number> = {
      key: "exp",
      variations: [0, 1],
      condition: { plan: "pro" },
    };
    expect(gb.run(experiment).inExperiment).toBe(false);
    user["plan"] = "pro";
    expect(gb.run(experiment).inExperiment).toBe(true);
    expect(users).toEqual([{ id: "alice", plan: "pro", country: "DK" }]);
    delete user["plan"];
    expect(gb.run(experiment).inExperiment).toBe(false);
  });

  it("has a log method that works without its instance", () => {
    const lines: unknown[] = [];
    const options = { debug: true, log: (...line: unknown[]) => void lines.push(line) };
    const { log } = new sdk.GrowthBook(options);
    const { log: logOfClient } = new sdk.GrowthBookClient(options);
    log("one", { n: 1 });
    logOfClient("two", { n: 2 });
    expect(lines).toEqual([
      ["one", { n: 1 }],
      ["two", { n: 2 }],
    ]);
  });
});
