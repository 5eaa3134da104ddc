import { describe, it } from "vitest";
import { checkPair, PAIRS } from "./shadow.js";

/** 6,250 are 100,000 calls of all pairs. */
const CALLS = Number(process.env["SORTITION_SHADOW_CALLS"] ?? 300);

describe("a shadow", () => {
  it.each(PAIRS)("of %s and %s returns and logs what the serving side does alone", (from, to) => {
    checkPair(from, to, CALLS);
  });
});
