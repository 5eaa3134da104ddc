import { describe, expect, it } from "vitest";
import { Configuration } from "../../../test/eppo-client.js";
import { eppoExplainer } from "./explainer.js";

const EVERYBODY = { key: "rest", splits: [{ variationKey: "on", shards: [] }] };
const condition = { attribute: "a", operator: "MATCHES", value: "x" };

/** Returns the getters of a flag with an allocation before the one for everybody. */
function gettersOf(allocation: object, flag: object = {}) {
  const wire = {
    ...{ key: "f", enabled: true, variationType: "STRING", totalShards: 1 },
    variations: { on: { key: "on", value: "red" } },
    allocations: [{ ...EVERYBODY, key: "first", ...allocation }, EVERYBODY],
    ...flag,
  };
  const flagsConfiguration = JSON.stringify({ flags: { f: wire } });
  return eppoExplainer.gettersOf(Configuration.from({ flagsConfiguration }), "f");
}

describe("the getter of a flag", () => {
  it.each([
    {},
    { rules: [] },
    { rules: [{ conditions: [] }] },
    { rules: [{ conditions: [condition] }] },
    { startAt: "2026-01-01T00:00:00.000Z", endAt: "2036-01-01T00:00:00.000Z" },
  ])("always returns a variation if everybody gets one: %o", (allocation) => {
    expect(gettersOf(allocation)).toEqual([
      { type: "string", values: ["red"], assigned: ["red"], isForAll: true },
    ]);
  });

  it.each([
    { rules: { length: 1 } },
    { rules: [null] },
    { rules: [{ conditions: 5 }] },
    { rules: [{ conditions: [null] }] },
    { rules: [{ conditions: [{ ...condition, value: "(" }] }] },
    { startAt: { toString: 1, valueOf: 1 } },
    { endAt: { toString: 1, valueOf: 1 } },
  ])("may return the default if a part that is reached is malformed: %o", (allocation) => {
    expect(gettersOf(allocation)).toMatchObject([{ values: ["red"], isForAll: false }]);
  });

  it("does not exist if the flag has no type", () => {
    expect(gettersOf({}, { variationType: "TEXT" })).toEqual([]);
  });
});
