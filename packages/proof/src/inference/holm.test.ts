import { describe, expect, it } from "vitest";
import { holm } from "./holm.js";

describe("holm", () => {
  it.each([
    { given: [0.01, 0.04, 0.03, 0.005], adjusted: [0.03, 0.06, 0.06, 0.02] },
    { given: [0.5, 0.6], adjusted: [1, 1] },
    { given: [0.2], adjusted: [0.2] },
    { given: [], adjusted: [] },
  ])("adjusts $given to $adjusted", ({ adjusted, given }) => {
    expect(holm(given).map((pValue) => Number(pValue.toFixed(12)))).toEqual(adjusted);
  });

  it.each([-0.1, 1.1, Number.NaN])("rejects %s", (pValue) => {
    const message = `pValues[1]: expected a number in 0…1, received ${pValue}`;
    expect(() => holm([0.5, pValue])).toThrow(new RangeError(message));
  });
});
