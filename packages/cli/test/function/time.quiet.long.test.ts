import { describe, expect, it } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import { microsPerRow } from "./measured-rows.js";

/** Usually, it is 1. If flags were compiled for each row, it would be the ratio of their numbers, which is 20. */
const MAX_RATIO = 3;

describe("the assign function", () => {
  it.each(GENERATED_DIALECTS)(
    "takes no more time per row for $name if there are more flags",
    async (dialect) => {
      const [few = 0, many = 0] = await microsPerRow(dialect, [10, 200]);
      expect(many / few).toBeLessThan(MAX_RATIO);
    },
  );
});
