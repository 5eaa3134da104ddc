import { seededRandom } from "@sortition/proof";
import { ifWhole, isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { jsonFile, ndjson } from "../run.js";
import { compare, expectOnlySplits, type Report, reportsOf } from "./compare.js";
import { ODD_SUBJECTS, PLANTED, type Planted, plantedCases } from "./planted.js";
import { completeSubjects, generatedTwins, type Twin, type TwinDialect } from "./twins.js";

/** Number of planted differences. 60 cover all kinds in five pairs of formats. */
const COUNT = Number(process.env["SORTITION_PLANTED"] ?? (isWhole ? 60 : PLANTED.length));

const CASES = plantedCases(COUNT);

/** Returns the names that the formats give to a rule or to the last outcome. */
function namesOf({ now, old, rule }: Planted, dialect: TwinDialect): readonly string[] {
  const ends = [old, now].map(({ rules }) => `condition-${rules.length}`);
  if (rule === null) return ["otherwise", "default", ...(dialect === "posthog" ? ends : [])];
  return [`rule-${rule + 1}`, `condition-${rule}`];
}

function expectFound(planted: Planted, pair: readonly TwinDialect[], report: Report): void {
  const causes = [
    ...report.differences,
    ...report.splits.filter(({ verdict }) => verdict === "shares-differ"),
  ];
  const names = pair.flatMap((dialect) => namesOf(planted, dialect));
  const named = causes.filter((it) => names.includes(it.old) || names.includes(it.new));
  expect({ causes, named: named.length > 0 }).toMatchObject({ named: true });
  const sizes = named.map(({ example }) => Object.keys(example?.attributes ?? {}).length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(2);
}

describe("sortition diff with a planted difference", () => {
  it.each(CASES)("finds $planted.kind between $pair with made-up subjects", async (each) => {
    const { pair, planted } = each;
    const { edit, now, old } = planted;
    const options = { more: ["--json"], ...(edit === undefined ? {} : { edit }) };
    const { stdout } = await compare(pair, [[old], [now]], options);
    const report = reportsOf(stdout).get("flag");
    expect(report).toBeDefined();
    if (report !== undefined) expectFound(planted, pair, report);
  });

  it.each(CASES.slice(0, isWhole ? PLANTED.length : 1))(
    "finds $planted.kind between $pair with given subjects",
    async ({ pair, planted }) => {
      const { edit, now, old } = planted;
      const input = ndjson([...completeSubjects(seededRandom(3), 1_000), ...ODD_SUBJECTS]);
      const more = ["--json", "--subjects", "-"];
      const options = { input, more, ...(edit === undefined ? {} : { edit }) };
      const { stdout } = await compare(pair, [[old], [now]], options);
      const report = reportsOf(stdout).get("flag");
      expect(report?.differ).toBeGreaterThan(0);
      if (report !== undefined) expectFound(planted, pair, report);
    },
  );
});

/** Statsig's configs have objects, so any other value is the parameter `value`. */
function keyIn(dialect: TwinDialect, { key, type }: Twin): string {
  return dialect === "statsig" && /string|integer/.test(type) ? `${key}.value` : key;
}

ifWhole(describe)("sortition diff of a vendor that only has a dialect and another vendor", () => {
  const others = ["eppo", "growthbook", "amplitude", "posthog", "datadog"] as const;
  const pairs = [
    ...others.flatMap((it) => [["launchdarkly", it] as const, [it, "launchdarkly"] as const]),
    ...[...others, "launchdarkly" as const].flatMap((it) => [
      ["statsig", it] as const,
      [it, "statsig"] as const,
    ]),
  ];

  it.each(pairs)(
    "finds all differences in twenty flags, and nothing else: %s, %s",
    async (...pair) => {
      const random = seededRandom(91);
      // All formats can express these changes, and subjects with all attributes show them.
      const everywhere = PLANTED.filter(
        ({ edit, notIn }) => edit === undefined && notIn === undefined,
      );
      const changes = everywhere.map((it, i) => {
        const key = `planted-${i}`;
        return { ...it, old: { ...it.old, key }, now: { ...it.now, key } };
      });
      const same = generatedTwins(random, 20 - changes.length);
      const flags = [
        [...changes.map(({ old }) => old), ...same],
        [...changes.map(({ now }) => now), ...same],
      ] as const;
      const input = ndjson(completeSubjects(random, 1_000));
      const mapped = flags[0].map((it) => [keyIn(pair[0], it), keyIn(pair[1], it)] as const);
      const map = jsonFile("map.json", { flags: Object.fromEntries(mapped) });
      const more = ["--json", "--subjects", "-", "--map", map];
      const { stdout } = await compare(pair, flags, { input, more });
      const reports = new Map(reportsOf(stdout));
      expect(reports.size).toBe(20);
      for (const change of changes) {
        const key = keyIn(pair[0], change.old);
        expectFound(change, pair, reports.get(key) as Report); // has all flags
        reports.delete(key);
      }
      expectOnlySplits(reports);
    },
  );
});
