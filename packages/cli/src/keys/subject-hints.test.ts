import { describe, expect, it } from "vitest";
import { SubjectHints } from "./subject-hints.js";

const CAPITALS = "0F8FAD5B-D9CB-469F-A165-70867728950E";
const OTHERS = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

interface HintRow {
  readonly because: string;
  readonly keys: Readonly<Record<string, number>>;
  readonly areWrong?: boolean;
  readonly hints: readonly RegExp[];
}

/** 150 subjects with a row each. */
const MANY = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`user-${i}`, 1]));

describe("SubjectHints", () => {
  it.each<HintRow>([
    {
      because: "a null has 12% of the rows",
      keys: { NULL: 12, u: 88 },
      hints: [/12 of 100 rows \(12%\) have the subject "NULL"/],
    },
    {
      because: "a database exported \\N",
      keys: { "\\N": 5, u: 5 },
      hints: [/5 of 10 rows \(50%\)/],
    },
    { because: "one row of 1,000 is nothing", keys: { null: 1, u: 999 }, hints: [] },
    { because: "a name may contain null", keys: { nullius: 10, u: 10 }, hints: [] },
    { because: "all UUIDs are in capital letters and right", keys: { [CAPITALS]: 9 }, hints: [] },
    {
      because: "all UUIDs are in capital letters and wrong",
      keys: { [CAPITALS]: 9 },
      areWrong: true,
      hints: [/9 of 9 rows have a UUID in capital letters/],
    },
    {
      because: "some UUIDs are in capital letters",
      keys: { [CAPITALS]: 2, [OTHERS]: 8 },
      hints: [/2 of 10 rows have a UUID in capital letters/],
    },
    {
      because: "UUIDs in small letters are usual",
      keys: { [OTHERS]: 9 },
      areWrong: true,
      hints: [],
    },
    ...["0", "-1", "anonymous", "00000000-0000-0000-0000-000000000000"].map((key) => ({
      because: `many rows have the subject ${key}`,
      keys: { ...MANY, [key]: 60 },
      hints: [/at least 2\d% of 210 rows have the subject/],
    })),
    { because: "of few subjects, one may have many rows", keys: { u: 9, v: 90 }, hints: [] },
    { because: "a busy user has 5% of the rows", keys: { ...MANY, busy: 8 }, hints: [] },
    {
      because: "a column of floats was exported",
      keys: { "1.0": 2, "7.000000000000001e+18": 1, "7e+18": 1, "-3.0": 1 },
      hints: [/5 of 5 rows have a subject that looks like a floating-point number/],
    },
    {
      because: "Google Analytics has such client IDs, and others are names",
      keys: { "123.456": 9, "1234567890.1690000000": 9, "v1.0": 9, e: 9, "1.0.0": 9, "12e5": 9 },
      hints: [],
    },
  ])("gives $hints.length hints, because $because", ({ areWrong = false, hints, keys }) => {
    const subjects = new SubjectHints();
    for (const [key, n] of Object.entries(keys)) {
      for (let i = 0; i < n; i++) subjects.note(key);
    }
    const texts = subjects.texts(areWrong);
    expect(texts).toHaveLength(hints.length);
    for (const [i, hint] of hints.entries()) expect(texts[i]).toMatch(hint);
  });
});
