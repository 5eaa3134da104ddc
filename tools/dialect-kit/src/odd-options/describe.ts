import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { compareOddCall, type OddCall, type OddDifference, tellOf } from "./compare.js";
import { type InputSource, VendorCalls } from "./read-inputs.js";

/** What {@link describeOddOptions} compares. */
export interface OddOptionsSuite extends InputSource {
  readonly calls: readonly OddCall[];
  readonly differences: readonly OddDifference[];
  /** Path of the page that lists the differences. */
  readonly page: string;
}

const MOST_DIFFERENCES = 5;
const TIMEOUT_MS = 600_000;

/**
 * Declares tests that a drop-in accepts everything that its vendor accepts: every odd value is
 * passed to every parameter and option that the vendor declares. Our side must not throw if the
 * vendor's does not, and must have the same effect, except for differences whose reason is on the
 * vendor's page.
 */
export function describeOddOptions(vendor: string, suite: OddOptionsSuite): void {
  describe(`every value that ${vendor} accepts`, { timeout: TIMEOUT_MS }, () => {
    const shown = new Map<string, number>();
    let declared: VendorCalls | undefined;

    beforeAll(() => {
      declared = new VendorCalls(suite);
    });

    it.each(suite.calls)("is accepted by our $callee", async (call) => {
      const { callee, isTried = () => true } = call;
      const inputs = (declared?.inputsOf(callee) ?? []).filter(({ name }) => isTried(name));
      const { calls, laxer, findings } = await compareOddCall(call, inputs);
      const unexplained = findings.filter((finding) => {
        const difference = suite.differences.find((it) => it.explains(finding));
        if (difference === undefined) return true;
        shown.set(difference.name, (shown.get(difference.name) ?? 0) + 1);
        return false;
      });
      process.stderr.write(
        `${vendor} ${callee}: ${inputs.length} inputs, ${calls} calls, ${laxer} refused by the vendor alone, ${findings.length - unexplained.length} named\n`,
      );
      expect(unexplained.map(tellOf).join("\n")).toBe("");
    });

    it("differs only as the vendor's page describes", () => {
      const { differences } = suite;
      const page = readFileSync(suite.page, "utf8").replace(/\s+/g, " ");
      expect(differences.length).toBeLessThanOrEqual(MOST_DIFFERENCES);
      expect(
        differences.filter(({ because }) => !page.includes(because)).map(({ name }) => name),
      ).toEqual([]);
      const unseen = differences.filter(({ name }) => !shown.has(name)).map(({ name }) => name);
      // A difference that never shows does not belong in the table.
      expect(unseen).toEqual([]);
    });
  });
}
