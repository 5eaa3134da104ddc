import { describe, expect, it } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import { NOW } from "./files.js";
import { measuredRows } from "./measured-rows.js";

describe("a function whose body runs for each row", () => {
  it.each(GENERATED_DIALECTS)(
    "takes 6 µs of processor time a row at most, of $name",
    async (dialect) => {
      const { microsPerRow } = await measuredRows(dialect, Date.parse(NOW));
      expect(microsPerRow).toBeLessThanOrEqual(6);
    },
  );
});
