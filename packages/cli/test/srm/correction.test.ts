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
function levelOfAll(correct: Correction, { byDay, byValue }: Tally, periods: number): number {
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
  const ofEach = (kind: PartKind, n: number): number =>
    Array.from({ length: n }, (_, i) => levelOf(kind, i)).reduce((sum, it) => sum + it, 0);
  const ofTime = ofEach("day", byDay.size) + ofEach("period", periods);
  return ofKinds.reduce((sum, [kind, n]) => {
    return n === 0 || correct(kind, 0) === 1 ? sum : sum + n * levelOf(kind);
  }, ofTime);
}

describe("the levels of all parts of an experiment", () => {
  it.each([
    { days: 1, values: [], periods: 0 },
    { days: 2, values: [3], periods: 0 },
    { days: 28, values: [MAX_VALUES], periods: 4 },
    { days: 60, values: [2, 5, 7], periods: 60 },
    { days: 365, values: [MAX_VALUES, MAX_VALUES, 1], periods: 365 },
    { days: 1_200, values: [10], periods: 2 },
  ])(
    "add up to at most 1 in 1,000, with $days days, $periods periods and attributes of $values values",
    ({ days, periods, values }) => {
      const tally = tallyWith(days, values);
      for (const correctionOf of [correctionFor, alwaysValidCorrection]) {
        const level = levelOfAll(correctionOf(tally, periods), tally, periods);
        expect(level).toBeLessThanOrEqual(LEVEL * (1 + 1e-9));
      }
    },
  );
});
