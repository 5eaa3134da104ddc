import type * as Vendor from "@growthbook/growthbook";
import { describe, expectTypeOf, it } from "vitest";
import type { evalCondition, GrowthBook, GrowthBookClient } from "../../src/index.js";

/** `Parameters<…>` of these methods are types that programs declare variables with. */
describe("a type that is read from the parameters of a method", () => {
  it("has the members that the vendor's has", () => {
    const logged: Parameters<GrowthBook["log"]>[1] = {};
    logged["experiment"] = "checkout";
    const loggedByClient: Parameters<GrowthBookClient["log"]>[1] = {};
    loggedByClient["experiment"] = "checkout";
    const tested: Parameters<typeof evalCondition>[0] = {};
    tested["country"] = "DE";
  });

  it("is the vendor's", () => {
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
