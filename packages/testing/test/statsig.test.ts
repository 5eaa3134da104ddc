import { statsig } from "@sortition/statsig/dialect";
import { statsigExplainer } from "@sortition/statsig/explain";
import { describe, expect, it } from "vitest";
import { gte, noneOf, split, testFlags } from "../src/index.js";

describe("flags in Statsig's format", () => {
  const flags = testFlags({ dialect: statsig(), explainer: statsigExplainer });
  const client = flags.client();

  it("are gates, or configs whose values are objects", () => {
    flags.boolean("banner").when({ country: "DK" }).give("on").otherwise("off");
    flags
      .json("layout")
      .variations({ wide: { columns: 3 }, narrow: { columns: 1 } })
      .otherwise("wide");
    expect(client.getBooleanAssignment("banner", "u", { country: "DK" }, false)).toBe(true);
    expect(client.getBooleanAssignment("banner", "u", { country: "SE" }, true)).toBe(false);
    expect(client.getJSONAssignment("layout", "u", {}, {})).toEqual({ columns: 3 });
    expect(client.getIntegerAssignment("layout.columns", "u", {}, 0)).toBe(3);
  });

  it("have any other value in the parameter value", () => {
    const colour = flags.string("colour").variations("red", "blue");
    colour
      .when({ plan: noneOf("free"), age: gte(18) })
      .give("red")
      .otherwise("blue");
    const ask = (attributes: { readonly plan: string; readonly age: number }) =>
      client.getStringAssignment("colour.value", "u", attributes, "none");
    expect(ask({ plan: "pro", age: 18 })).toBe("red");
    expect(ask({ plan: "pro", age: 17 })).toBe("blue");
    expect(ask({ plan: "free", age: 18 })).toBe("blue");
  });

  it("split subjects as configured, and may be off, malformed or missing", () => {
    flags.boolean("half").otherwise(split({ on: 50, off: 50 }));
    const count = Array.from({ length: 1_000 }, (_, i) => `u-${i}`).filter((it) =>
      client.getBooleanAssignment("half", it, {}, false),
    ).length;
    expect(Math.abs(count - 500)).toBeLessThan(80);
    const reasonOf = () => client.getBooleanAssignmentDetails("half", "u", {}, false).reason;
    expect(reasonOf()).toBe("split");
    flags.boolean("half").malformed();
    expect(reasonOf()).toBe("error");
    flags.boolean("half").missing();
    expect(reasonOf()).toBe("flag-not-found");
  });
});
