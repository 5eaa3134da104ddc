import { describe, expect, it } from "vitest";
import { unitWords } from "./unit-words.js";

const KEY = { name: "user", attributes: [] };
const COMPANY = { name: "group company", attributes: ["$groups.company"] };
const FIFTH = new Map([
  ["a", 0.1],
  ["b", 0.1],
]);

describe("unitWords", () => {
  it.each([
    { unit: null, participants: null, words: [] },
    { unit: KEY, participants: null, words: [] },
    { unit: COMPANY, participants: null, words: ["split by group company"] },
    { unit: KEY, participants: FIFTH, words: ["in the experiment: 20%"] },
    {
      ...{ unit: COMPANY, participants: FIFTH },
      words: ["split by group company", "in the experiment: 20%"],
    },
  ])("are $words", ({ participants, unit, words }) => {
    expect(unitWords({ participants, unit })).toEqual(words);
  });
});
