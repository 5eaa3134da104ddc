import * as vendor from "@growthbook/growthbook";
import { describe, expect, it, vi } from "vitest";
import * as sortition from "../../src/index.js";

/** This test uses our types for both packages. Each row runs with both. */
const SDKS = [
  { name: "the vendor's", sdk: vendor as unknown as typeof sortition },
  { name: "ours", sdk: sortition },
];
const features = {
  flag: { defaultValue: true },
  color: { defaultValue: "red" },
  tested: { rules: [{ variations: ["a", "b"], coverage: 1 }] },
};
const user = { attributes: { id: "alice" } };
const forced = { value: 5, on: false, off: true, source: "force", ruleId: "" } as const;

describe.each(SDKS)("an instance as an object, $name", ({ sdk }) => {
  const create = (options: sortition.Options = {}): sortition.GrowthBook =>
    new sdk.GrowthBook({ features, attributes: { id: "alice" }, ...options });
  const createClient = (): sortition.GrowthBookClient =>
    new sdk.GrowthBookClient().initSync({ payload: { features } });

  it("reads values through a mocked evalFeature", () => {
    const gb = create();
    const spy = vi.spyOn(gb, "evalFeature").mockReturnValue(forced);
    expect([gb.isOn("flag"), gb.isOff("flag"), gb.getFeatureValue("flag", 1)]).toEqual([
      false,
      true,
      5,
    ]);
    expect(gb.feature("flag")).toBe(forced);
    expect(spy).toHaveBeenCalledTimes(4);
  });

  it("reads values through the evalFeature of a subclass", () => {
    class Mine extends sdk.GrowthBook {
      override evalFeature(): never {
        return forced as never;
      }
    }
    const gb = new Mine({ features });
    expect([gb.isOn("flag"), gb.getFeatureValue("flag", 1)]).toEqual([false, 5]);
  });

  it("reads values through a mocked evalFeature of a client and its scoped instances", () => {
    const client = createClient();
    vi.spyOn(client, "evalFeature").mockReturnValue(forced);
    const scoped = client.createScopedInstance(user);
    expect([client.isOn("flag", user), client.isOff("flag", user)]).toEqual([false, true]);
    expect(client.getFeatureValue("flag", 1, user)).toBe(5);
    expect([scoped.isOn("flag"), scoped.getFeatureValue("flag", 1)]).toEqual([false, 5]);
  });

  it("works behind a proxy", async () => {
    const gb = new Proxy(create(), {});
    await gb.setAttributes({ id: "bob" });
    expect([gb.isOn("flag"), gb.getFeatureValue("color", ""), gb.getAttributes()]).toEqual([
      true,
      "red",
      { id: "bob" },
    ]);
    const client = new Proxy(createClient(), {});
    expect(client.isOn("flag", user)).toBe(true);
    expect(new Proxy(client.createScopedInstance(user), {}).isOn("flag")).toBe(true);
    gb.destroy();
    client.destroy();
  });

  it("works as the prototype of another object", () => {
    const gb = Object.create(create()) as sortition.GrowthBook;
    expect([gb.isOn("flag"), gb.evalFeature("color").value, gb.ready]).toEqual([true, "red", true]);
    const client = Object.create(createClient()) as sortition.GrowthBookClient;
    expect(client.getFeatureValue("color", "", user)).toBe("red");
  });

  it("reads the callbacks in its options again", () => {
    const seen: string[] = [];
    const options: sortition.Options = { trackingCallback: () => void seen.push("first") };
    const all: sortition.Options = { features, attributes: { id: "alice" }, ...options };
    const gb = new sdk.GrowthBook(all);
    all.trackingCallback = (experiment) => void seen.push(`tracked ${experiment.key}`);
    all.onFeatureUsage = (key) => void seen.push(`used ${key}`);
    gb.isOn("tested");
    expect(seen).toEqual(["tracked tested", "used tested"]);
  });

  it("returns its options as context", () => {
    const gb = create() as unknown as { context: sortition.Options; isOn(key: string): boolean };
    const tracked = vi.fn();
    gb.context.trackingCallback = tracked;
    gb.isOn("tested");
    expect(tracked).toHaveBeenCalledTimes(1);
    expect(gb.context.features).toBe(features);
  });
});
