import { describe, it } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import { expectGeneratedEqual } from "./generated.js";

describe("functions in a realm without platform APIs", () => {
  it.each(GENERATED_DIALECTS)(
    "evaluate 20,000 generated rows of $name like the client",
    async (dialect) => {
      await expectGeneratedEqual(dialect, 20_000);
    },
  );
});
