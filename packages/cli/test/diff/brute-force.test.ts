import { isInPart, isLong } from "@sortition/test-kit";
import { describe, it } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import { expectAsEvaluated } from "./as-evaluated.js";

describe.each(GENERATED_DIALECTS.filter((_, i) => isInPart(i)))("diff of $name", (dialect) => {
  it("finds the same moves as sortition evaluate, and causes that reverting confirms", async () => {
    if (!isLong) return expectAsEvaluated(dialect, 20);
    for (let seed = 1; seed <= 10; seed++) await expectAsEvaluated(dialect, 50, seed);
  });
});
