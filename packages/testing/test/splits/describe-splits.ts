import { isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { type Condition, gte, matches, noneOf, split, subjectsIn } from "../../src/index.js";
import { FORMATS } from "../formats.js";

/** Rules, with attributes that match. */
const RULES: readonly {
  readonly rule: Readonly<Record<string, Condition>>;
  readonly passing: Readonly<Record<string, string>>;
}[] = [
  { rule: { plan: "pro" }, passing: { plan: "pro" } },
  { rule: { country: ["DK", "SE"] }, passing: { country: "SE" } },
  { rule: { plan: noneOf("free", "trial") }, passing: { plan: "pro" } },
  { rule: { appVersion: gte("2.3.0") }, passing: { appVersion: "2.10.1" } },
  {
    rule: { email: matches(/@example\.com$/), plan: "pro" },
    passing: { email: "anna@example.com", plan: "pro" },
  },
];

/** Number of flags in one payload. It is small, because adding a flag rewrites the whole payload. */
const IN_ONE_PAYLOAD = 50;

/**
 * For each format, finds a subject in a small share of many flags with rules, and evaluates each
 * flag for its subject.
 */
export function describeSplits(flagsOfAShare: number): void {
  const formats = FORMATS.map((format, row) => ({ ...format, row }));
  describe.each(formats)("subjects of $format", ({ create, readAs, row }) => {
    it.each([50, 10, 1, 0.1].filter((_, column) => isInPart(row, column)))(
      `in a share of %d% after rules are found for ${flagsOfAShare} flags, and get that variation`,
      (percent) => {
        let flags = create();
        for (let i = 0; i < flagsOfAShare; i++) {
          if (i % IN_ONE_PAYLOAD === 0) flags = create();
          const { passing, rule } = RULES[i % RULES.length]!; // there are rules
          const key = `flag-${percent}-${i}`;
          flags
            .string(key)
            .variations("rare", "usual")
            .when(rule)
            .give(split({ rare: percent, usual: 100 - percent }));
          const client = flags.client();
          const [subject = ""] = subjectsIn(client, readAs(key), "rare", { attributes: passing });
          const got = client.getStringAssignment(readAs(key), subject, passing, "none");
          expect([key, subject, got]).toEqual([key, subject, "rare"]);
          void client.close();
        }
      },
    );
  });
}
