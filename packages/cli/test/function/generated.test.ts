import { isLong, isWhole } from "@sortition/test-kit";
import { describe, it } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import { expectGeneratedEqual } from "./generated.js";

describe("functions in a realm without platform APIs", () => {
  it.each(GENERATED_DIALECTS)(
    "evaluate generated rows of $name like the client",
    async (dialect) => {
      await expectGeneratedEqual(dialect, isLong ? 8_000 : isWhole ? 2_000 : 800);
    },
  );
});
