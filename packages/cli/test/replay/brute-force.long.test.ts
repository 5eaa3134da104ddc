import { describe, it } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import { expectAsEvaluated } from "./as-evaluated.js";

describe.each(GENERATED_DIALECTS)("replay of $name", (dialect) => {
  it("judges as sortition evaluate answers", async () => {
    await expectAsEvaluated(dialect, 500);
  });
});
