import { seededRandom } from "@sortition/proof";
import { isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { logged, members, srm } from "./logged.js";
import { GROUPING_VENDORS } from "./vendors.js";

/** Declares tests of experiments that are split as configured, with this many for each vendor. */
export function describeCorrectExperiments(count: number): void {
  const flagKeys = Array.from({ length: count }, (_, i) => `test-${i}`);
  const most = Math.ceil(count / 150);

  describe(`srm of ${count} correct experiments reports at most ${most} as mismatches`, () => {
    it.each(GROUPING_VENDORS.filter((_, i) => isWhole || i % 2 === 1))(
      "if $name splits them by groups",
      async ({ attributesOf, dialect, name, payloadOf }) => {
        const payload = payloadOf(flagKeys);
        const rows = logged(dialect, payload, (flagKey) =>
          members(Number(flagKey.slice(5)), 40, attributesOf),
        );
        const { verdicts } = await srm(name, payload, rows);
        expect(verdicts).toHaveLength(count);
        for (const { problem, subjects } of verdicts) {
          expect({ problem, subjects }).toEqual({ problem: null, subjects: 40 });
        }
        const wrong = verdicts.filter(({ verdict }) => verdict === "mismatch");
        expect(wrong.length).toBeLessThanOrEqual(most);
      },
    );

    it("if PostHog splits them by persons, whose distinct ids all get the same", async () => {
      const variants = ["a", "b"].map((key) => ({ key, rollout_percentage: 50 }));
      const filters = { groups: [{ properties: [] }], multivariate: { variants } };
      const flags = flagKeys.map((key, id) => {
        return { id, key, active: true, ensure_experience_continuity: true, filters };
      });
      const random = seededRandom(5);
      const rows = flagKeys.flatMap((flag) =>
        Array.from({ length: 60 }, (_, person) => {
          const response = random() < 0.5 ? "a" : "b";
          return Array.from({ length: 1 + Math.floor(random() ** 2 * 12) }, (_, i) => ({
            event: "$feature_flag_called",
            ...{ distinct_id: `${flag}-${person}-${i}`, person_id: `${flag}-${person}` },
            timestamp: "2026-02-01T00:00:00Z",
            properties: { $feature_flag: flag, $feature_flag_response: response },
          }));
        }).flat(),
      );
      const { verdicts } = await srm("posthog", { flags }, rows);
      expect(new Set(verdicts.map(({ subjects }) => subjects))).toEqual(new Set([60]));
      const wrong = verdicts.filter(({ verdict }) => verdict === "mismatch");
      expect(wrong.length).toBeLessThanOrEqual(most);
    });
  });
}
