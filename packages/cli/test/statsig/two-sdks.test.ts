import { expect, it } from "vitest";
import { jsonFile, ndjson, parseLines, run } from "../run.js";

/** Targets of each operator. */
const TARGETS: Readonly<Record<string, readonly unknown[]>> = {
  any: [["pro", "5", "true", "undefined", "null", ""]],
  none: [["pro", "5"]],
  any_case_sensitive: [["Pro", "pro"]],
  none_case_sensitive: [["Pro", "pro"]],
  str_starts_with_any: [["", "p"]],
  str_contains_any: [["ro", ""]],
  str_contains_none: [["ro"]],
  str_matches: ["^p", "^$", "undef", "(?i)PRO"],
  gt: [4, "4"],
  lte: [5],
  version_gt: ["1.2", "1.2.0"],
  version_gte: ["1.2"],
  version_eq: ["5"],
  before: [1_700_000_000_000, 1_700_000_000, "2024-01-01T00:00:00Z", "2024-01-01"],
  after: [1_600_000_000_000],
  on: [1_700_000_000_000],
  eq: ["pro", 5, true, null, "5"],
  neq: ["pro", 5, true, null],
  array_contains_any: [["a", "1", 2]],
  array_contains_all: [["a"], []],
  not_array_contains_all: [["a", "b"]],
};
const VALUES: readonly unknown[] = [
  ...[
    undefined,
    "pro",
    "Pro",
    "PRO",
    "",
    "5",
    5,
    5.5,
    true,
    false,
    "true",
    ["a"],
    [1, 2],
    ["1", "2"],
  ],
  ...["1.2.3", "1..3", "1.3-x", 1_700_000_000, 1_699_999_999_999, "2023-11-14T22:13:19Z"],
  ...["2023-11-14T22:13:19.000Z", "2023-11-14 10:00:00", "2023-11-14", " 5", "0x5", "1e1"],
];

const CONDITIONS = Object.entries(TARGETS).flatMap(([operator, targets]) =>
  targets.map((targetValue) => {
    const others = { type: "user_field", field: "x", idType: "userID", additionalValues: {} };
    return { ...others, operator, targetValue };
  }),
);

function gate(i: number, condition: unknown): object {
  const rule = { name: "r", id: "r", salt: "r", idType: "userID", passPercentage: 100 };
  const spec = { name: `gate-${i}`, type: "feature_gate", entity: "feature_gate", salt: "s" };
  const rules = [{ ...rule, conditions: [condition], returnValue: true }];
  return { ...spec, idType: "userID", enabled: true, defaultValue: false, rules };
}

const COMMON = { has_updates: true, time: 1 };
const V1 = { ...COMMON, feature_gates: CONDITIONS.map((it, i) => gate(i, it)) };
const V2 = {
  ...{ ...COMMON, dynamic_configs: {}, layer_configs: {} },
  feature_gates: Object.fromEntries(CONDITIONS.map((_, i) => [`gate-${i}`, gate(i, String(i))])),
  condition_map: Object.fromEntries(CONDITIONS.entries()),
};

it("finds the users on whom Statsig's two SDKs disagree with diff", async () => {
  const v1 = { ...V1, dynamic_configs: [], layer_configs: [] };
  const [old, now] = [jsonFile("v1.json", v1), jsonFile("v2.json", V2)];
  const subjects = VALUES.map((x, i) => ({
    subjectKey: `u-${i}`,
    subjectAttributes: x === undefined ? {} : { x },
  }));
  const args = ["diff", old, now, "--subjects", "-", "--json"];
  const { exitCode, stderr, stdout } = await run(args, ndjson(subjects));
  expect(exitCode).toBe(0);
  expect(stderr).toContain("statsig-legacy");
  const reports = parseLines(stdout) as object[] as readonly {
    readonly total: number;
    readonly differ: number;
  }[];
  expect(reports).toHaveLength(CONDITIONS.length);
  expect(reports.reduce((sum, { total }) => sum + total, 0)).toBe(962);
  // Counted with both of the vendor's SDKs.
  expect(reports.reduce((sum, { differ }) => sum + differ, 0)).toBe(98);
});
