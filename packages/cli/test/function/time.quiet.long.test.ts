import { describe, expect, it } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import { NOW } from "./files.js";
import { measuredRows } from "./measured-rows.js";

/** Twice what an idle machine shows: the bound finds work that is done anew for each row, not a slow machine. */
const MAX_MICROS = 12;

describe("a function whose body runs for each row", () => {
  it.each(GENERATED_DIALECTS)(
    "takes 12 µs of processor time a row at most, of $name",
    async (dialect) => {
      const { microsPerRow } = await measuredRows(dialect, Date.parse(NOW));
      expect(microsPerRow).toBeLessThanOrEqual(MAX_MICROS);
    },
  );
});
