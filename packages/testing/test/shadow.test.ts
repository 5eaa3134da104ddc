import { isInPart } from "@sortition/test-kit";
import { describe, it } from "vitest";
import { checkPair, PAIRS } from "./shadow.js";

/** 6,250 make 100,000 calls for all pairs. */
const CALLS = Number(process.env["SORTITION_SHADOW_CALLS"] ?? 300);

describe("a shadow", () => {
  it.each(PAIRS.filter((_, i) => isInPart(i)))(
    "of %s and %s returns and logs the same as the serving side alone",
    (from, to) => {
      checkPair(from, to, CALLS);
    },
  );
});
