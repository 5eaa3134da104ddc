import { describe, expect, it } from "vitest";
import { clientOf, evaluate } from "../ours.js";
import { type Case, hasData, readGroups } from "./data.js";

/** The getter of each type. */
const GETTERS = {
  bool: "boolean",
  int: "numeric",
  double: "numeric",
  string: "string",
  any: null,
} as const;

/** The default of a case without one, by the type of the expected value. */
const EMPTY: Readonly<Record<string, unknown>> = { boolean: false, number: 0, string: "" };

describe.skipIf(!hasData)("the vendor's cases", () => {
  const groups = hasData ? readGroups() : [];

  it("are 728", () => {
    expect(groups.flatMap(({ evaluations }) => evaluations)).toHaveLength(728);
  });

  describe.each(groups)("$name", ({ evaluations, sdkData }) => {
    const client = clientOf({ flags: sdkData.flags, segments: sdkData.segments });

    it.each(evaluations)("$name", (asked: Case) => {
      const { context, expect: expected, flagKey, valueType = "any" } = asked;
      const type = GETTERS[valueType as keyof typeof GETTERS];
      const { default: fallback = EMPTY[typeof expected["value"]] ?? null } = asked;
      expect(evaluate(client, flagKey, context, fallback, type)).toEqual({
        variationIndex: null,
        ...expected,
      });
    });
  });
});
