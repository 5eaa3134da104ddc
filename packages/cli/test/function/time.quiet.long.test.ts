import { describe, expect, it } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import { NOW } from "./files.js";
import { measuredRows } from "./measured-rows.js";

/**
 * Twice the time on an idle machine. The limit is meant to detect work that is repeated for each row, not slow
 * machines.
 */
const MAX_MICROS = 12;

describe("the assign function", () => {
  it.each(GENERATED_DIALECTS)(
    "takes at most 12 µs of processor time per row for $name",
    async (dialect) => {
      const { microsPerRow } = await measuredRows(dialect, Date.parse(NOW));
      expect(microsPerRow).toBeLessThanOrEqual(MAX_MICROS);
    },
  );
});
