import { describe, it } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import { expectAsEvaluated } from "./as-evaluated.js";

describe.each(GENERATED_DIALECTS)("replay of $name", (dialect) => {
  it("agrees with the answers of sortition evaluate", async () => {
    await expectAsEvaluated(dialect, 5);
  });
});
