import { amplitude } from "@sortition/amplitude/dialect";
import type { Dialect } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { growthbook } from "@sortition/growthbook/dialect";
import { posthog } from "@sortition/posthog/dialect";
import { seededRandom } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { recordExposures, testFlags } from "../../src/index.js";
import { askOurs, type Vendor } from "./answers.js";
import { runProgram } from "./program.js";
import { amplitudeVendor } from "./vendors/amplitude.js";
import { eppoVendor } from "./vendors/eppo.js";
import { growthbookVendor } from "./vendors/growthbook.js";
import { posthogVendor } from "./vendors/posthog.js";

/** A format and the vendor's own SDK. */
interface Format {
  readonly format: string;
  readonly dialect: () => Dialect;
  readonly vendor: (text: string) => Promise<Vendor>;
}

const FORMATS: readonly Format[] = [
  { format: "Eppo", dialect: eppo, vendor: eppoVendor },
  { format: "GrowthBook", dialect: growthbook, vendor: growthbookVendor },
  { format: "Amplitude", dialect: amplitude, vendor: amplitudeVendor },
  { format: "PostHog", dialect: posthog, vendor: posthogVendor },
];

/**
 * Runs generated programs of the builder in each format, and compares the results with the vendor's
 * own SDK.
 */
export function describePrograms(count: number): void {
  describe.each(FORMATS)("generated flags of $format", ({ dialect, format, vendor }) => {
    it(`compile, and return and log the same as the vendor's SDK, ${count} times`, async () => {
      const seen = { asked: 0, logged: 0, refused: 0, faults: [] as object[] };
      const isFormatError = (problem: string): boolean => problem.includes(`: ${format} `);
      const empty = testFlags({ dialect: dialect() });
      const received = empty.fork();
      const exposures = recordExposures();
      // Our client is reused for all programs. The vendor's client remembers what it logged.
      const client = received.client({ assignmentLogger: exposures, deduplication: false });
      for (let seed = 1; seed <= count; seed++) {
        const described = empty.fork();
        const { asked, refused } = runProgram(described, seededRandom(seed), isFormatError);
        const text = described.payload();
        // As received text, or parsed.
        received.set(seed % 2 === 0 ? text : JSON.parse(text));
        const issues = client.getConfiguration()?.issues;
        if (received.payload() !== text || issues?.length !== 0) seen.faults.push({ seed, issues });
        const theirs = await vendor(text);
        for (const it of asked) {
          const ours = askOurs(client, exposures, it);
          const expected = await theirs.ask(it);
          if (JSON.stringify(ours) !== JSON.stringify(expected)) {
            expect(ours, `seed ${seed}: ${JSON.stringify(it)} of ${text}`).toEqual(expected);
          }
          seen.asked += 1;
          if (ours.logged !== null) seen.logged += 1;
        }
        seen.refused += refused.length;
        await theirs.close?.();
      }
      await client.close();
      expect(seen.faults).toEqual([]);
      // Each kind of result occurred.
      expect(seen.logged).toBeGreaterThan(seen.asked / 50);
      if (format !== "Eppo") expect(seen.refused).toBeGreaterThan(count / 100);
    });
  });
}
