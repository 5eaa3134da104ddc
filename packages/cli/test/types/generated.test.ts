import { describe, expect, it } from "vitest";
import { compiledCalls } from "./compiled-calls.js";
import { DIALECT_NAMES } from "./generated-flags.js";

/** The number of payloads per dialect. The environment variable allows more for a single run. */
const PAYLOADS = Number(process.env["SORTITION_TYPED_PAYLOADS"] ?? 2);

describe("the types of generated flags", () => {
  it.each(DIALECT_NAMES)(
    "for %s compile exactly the calls whose value a subject can get",
    async (dialect) => {
      const { bad, good, output } = await compiledCalls(dialect, PAYLOADS);
      expect(output).toBe("");
      expect(good).toBeGreaterThan(PAYLOADS);
      expect(bad).toBeGreaterThan(PAYLOADS);
      if (PAYLOADS > 2) process.stderr.write(`${dialect}: ${good} calls compile, ${bad} do not\n`);
    },
    600_000,
  );
});
