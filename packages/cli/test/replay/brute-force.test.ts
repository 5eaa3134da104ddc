import { isLong } from "@sortition/test-kit";
import { describe, it } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import { expectAsEvaluated } from "./as-evaluated.js";

describe.each(GENERATED_DIALECTS)("replay of $name", (dialect) => {
  it("agrees with the answers of sortition evaluate", async () => {
    if (!isLong) return expectAsEvaluated(dialect, 5);
    for (let seed = 1; seed <= 10; seed++) await expectAsEvaluated(dialect, 50, seed);
  });
});
