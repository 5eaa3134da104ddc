import { isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { ndjson } from "../run.js";
import { compare, reportsOf } from "../two-vendors/compare.js";
import type { Twin } from "../two-vendors/twins.js";

const OLD: Twin = {
  key: "checkout",
  type: "string",
  rules: [{ country: ["DK"], gives: "a" }],
  otherwise: "c",
};
const NEW: Twin = { ...OLD, rules: [{ country: ["SE"], gives: "a" }] };

/** An exposure of our loggers. */
function exposure(subject: string, country: string, i: number): object {
  return {
    featureFlag: "checkout",
    subject,
    subjectAttributes: { country },
    timestamp: new Date(Date.UTC(2026, 1, 1) + i * 1_000).toISOString(),
  };
}

function times(n: number, ...[subject, country]: readonly [string, string]): object[] {
  return Array.from({ length: n }, (_, i) => exposure(subject, country, i));
}

const CASES = [
  {
    because: "all rows have one subject",
    rows: times(9_005, "u-1", "DK"),
    total: 1,
    says: "9,004 rows repeat",
  },
  {
    because: "the subjects alternate",
    rows: [...times(3, "u-1", "DK"), ...times(2, "u-2", "SE"), ...times(3, "u-1", "DK")],
    total: 2,
    says: "6 rows repeat",
  },
  {
    because: "one row repeats",
    rows: [...times(2, "u-1", "DK")],
    total: 1,
    says: "1 row repeats",
  },
  {
    because: "an attribute of the subject changed",
    rows: [...times(1, "u-1", "DK"), ...times(1, "u-1", "SE")],
    total: 2,
    says: null,
  },
  {
    because: "two subjects have the same attributes",
    rows: [...times(1, "u-1", "DK"), ...times(1, "u-2", "DK")],
    total: 2,
    says: null,
  },
] as const;

const PAIRS = [
  ["eppo", "eppo"],
  ["growthbook", "growthbook"],
  ["eppo", "posthog"],
  ["launchdarkly", "amplitude"],
] as const;

describe("sortition diff --subjects", () => {
  it.each(
    PAIRS.flatMap((pair, i) =>
      CASES.filter((_, j) => isInPart(i, j)).map((it) => ({ pair, ...it })),
    ),
  )(
    "counts $total subjects between $pair, because $because",
    async ({ pair, rows, says, total }) => {
      const columns = ["--map", "subject=subject,attributes=subjectAttributes"];
      const more = ["--subjects", "-", "--json", ...columns];
      const { stderr, stdout } = await compare(pair, [[OLD], [NEW]], { input: ndjson(rows), more });
      // Only these members are compared.
      const report = reportsOf(stdout).get("checkout") as unknown as {
        readonly total?: number;
        readonly movement?: { readonly total: number } | null;
      };
      expect(report.movement?.total ?? report.total).toBe(total);
      if (says === null) expect(stderr).not.toContain("repeat");
      else expect(stderr).toContain(`${says} an earlier subject with the same attributes`);
    },
  );
});
