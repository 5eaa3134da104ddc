import { describe, expect, it } from "vitest";
import type { PartKind } from "../../src/srm/compared-part.js";
import { alwaysValidCorrection, type Correction, correctionFor } from "../../src/srm/correction.js";
import { rangesOf } from "../../src/srm/day-range.js";
import { LEVEL } from "../../src/srm/split-test.js";
import { MAX_VALUES, type Tally } from "../../src/srm/tally.js";
import { WEEKDAYS } from "../../src/srm/weekday.js";

function tallyWith(days: number, values: readonly number[]): Tally {
  const none = new Map<string, number>();
  const parts = (size: number) => new Map(Array.from({ length: size }, (_, i) => [`${i}`, none]));
  return {
    ...{ all: none, before: none, ofTwo: none, copies: none, unknown: none },
    ...{ byDay: parts(days), byValue: values.map(parts), valueCounts: values },
  };
}

/** The sum of the levels of all parts that may be tested. */
function levelOfAll(correct: Correction, { byDay, byValue }: Tally): number {
  // A corrected p-value is a multiple of the p-value.
  const levelOf = (kind: PartKind, index = 0): number =>
    (LEVEL * 1e-12) / correct(kind, 1e-12, index);
  const ofKinds: readonly (readonly [PartKind, number])[] = [
    ["duplicates", 1],
    ["two-variations", 1],
    ["revision", 1],
    ["weekday", WEEKDAYS],
    ["attribute", byValue.reduce((sum, { size }) => sum + size, 0)],
    ["days", rangesOf(byDay)],
  ];
  const ofDays = [...byDay].reduce((sum, _, day) => sum + levelOf("day", day), 0);
  return ofKinds.reduce((sum, [kind, n]) => {
    return n === 0 || correct(kind, 0) === 1 ? sum : sum + n * levelOf(kind);
  }, ofDays);
}

describe("the levels of all parts of an experiment", () => {
  it.each([
    { days: 1, values: [] },
    { days: 2, values: [3] },
    { days: 28, values: [MAX_VALUES] },
    { days: 60, values: [2, 5, 7] },
    { days: 365, values: [MAX_VALUES, MAX_VALUES, 1] },
    { days: 1_200, values: [10] },
  ])(
    "add up to at most 1 in 1,000, with $days days and attributes of $values values",
    ({ days, values }) => {
      const tally = tallyWith(days, values);
      expect(levelOfAll(correctionFor(tally), tally)).toBeLessThanOrEqual(LEVEL * (1 + 1e-9));
      expect(levelOfAll(alwaysValidCorrection(tally), tally)).toBeLessThanOrEqual(
        LEVEL * (1 + 1e-9),
      );
    },
  );
});
