import { shareText } from "@sortition/core/dialect-internal";
import type { Limits } from "../diff/limits.js";
import type { LoneFlag } from "./flag-pairs.js";
import { openIn, type PairReport } from "./pair-report.js";

/** One sentence for each exceeded limit, then one for each flag that could not be checked. */
export function twoVendorsViolations(
  reports: readonly PairReport[],
  lone: readonly LoneFlag[],
  { failOn, isTooMany }: Limits,
): readonly string[] {
  const removed = failOn.includes("flag-removed") ? lone.filter(({ isOld }) => isOld) : [];
  const limited = isTooMany === null ? [] : reports;
  const isUnchecked = isTooMany !== null && reports.length === 0;
  return [
    ...(isUnchecked ? ["no flag is in both configurations, so --max-moved was not checked"] : []),
    ...removed.map(({ key }) => `${key}: flag-removed`),
    ...limited
      .filter(({ differ, total }) => isTooMany?.(differ, total))
      .map(({ differ, oldKey, total }) => `${oldKey}: ${shareText(differ / total)} differ`),
    ...limited.flatMap((report) => {
      const { differ, oldKey, source, total, unmeasured } = report;
      if (unmeasured === null) return [];
      const open = openIn(report);
      // The limit is met even if all undecided subjects, and all that lack an attribute, differ.
      const isSafe =
        source === "subjects" &&
        open > 0 &&
        isTooMany?.(Math.min(differ + open, total), total) === false;
      return isSafe
        ? []
        : [`${oldKey}: not measured, so --max-moved was not checked: ${unmeasured}`];
    }),
  ];
}
