import { describe, expect, it } from "vitest";
import { compiledCalls } from "./compiled-calls.js";
import { DIALECT_NAMES } from "./generated-flags.js";

/** Payloads of each dialect. More in the environment, for one run. */
const PAYLOADS = Number(process.env["SORTITION_TYPED_PAYLOADS"] ?? 5);

describe("sortition types of generated flags", () => {
  it.each(DIALECT_NAMES)(
    "lets exactly the calls of %s compile for which a subject gets the value",
    async (dialect) => {
      const { bad, good, output } = await compiledCalls(dialect, PAYLOADS);
      expect(output).toBe("");
      expect(good).toBeGreaterThan(PAYLOADS);
      expect(bad).toBeGreaterThan(PAYLOADS);
      if (PAYLOADS > 5) process.stderr.write(`${dialect}: ${good} calls compile, ${bad} do not\n`);
    },
    600_000,
  );
});
