import { describe, it } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import { expectAsEvaluated } from "./as-evaluated.js";

describe.each(GENERATED_DIALECTS)("diff of $name", (dialect) => {
  it("finds the same moves as sortition evaluate, and causes that reverting confirms", async () => {
    for (let seed = 1; seed <= 10; seed++) await expectAsEvaluated(dialect, 50, seed);
  });
});
