import type * as Vendor from "@growthbook/growthbook";
import { describe, expectTypeOf, it } from "vitest";
import type { evalCondition, GrowthBook, GrowthBookClient } from "../../src/index.js";

/** Programs use `Parameters<…>` of these methods as types of variables. */
describe("a type derived from the parameters of a method", () => {
  it("has the members of the vendor's type", () => {
    const logged: Parameters<GrowthBook["log"]>[1] = {};
    logged["experiment"] = "checkout";
    const loggedByClient: Parameters<GrowthBookClient["log"]>[1] = {};
    loggedByClient["experiment"] = "checkout";
    const tested: Parameters<typeof evalCondition>[0] = {};
    tested["country"] = "DE";
  });

  it("equals the vendor's type", () => {
    expectTypeOf<Parameters<GrowthBook["log"]>>().toEqualTypeOf<
      Parameters<Vendor.GrowthBook["log"]>
    >();
    expectTypeOf<Parameters<GrowthBookClient["log"]>>().toEqualTypeOf<
      Parameters<Vendor.GrowthBookClient["log"]>
    >();
    expectTypeOf<keyof Parameters<typeof evalCondition>[0]>().toEqualTypeOf<
      keyof Parameters<typeof Vendor.evalCondition>[0]
    >();
  });
});
