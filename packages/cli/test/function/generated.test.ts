import { describe, it } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import { expectGeneratedEqual } from "./generated.js";

describe("functions in a realm with the language alone", () => {
  it.each(GENERATED_DIALECTS)(
    "answer generated rows of $name as the client does",
    async (dialect) => {
      await expectGeneratedEqual(dialect, 2_000);
    },
  );
});
