/** Filter values by operator. Each one is tested separately. */
const FILTER_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  exact: [
    ...["a", "A", "É", "é", "ß", "", "true", "False", "10", "1.5", "null", "İ", "\ud800", "ΑΣ"],
    ...[true, false, null, 10, 1.5, 0, -0, 1e21, 1e-7, [], ["a", "b"], ["true"], ["a", 5, "b"]],
    ...[
      [true, "FALSE"],
      [[true]],
      ["É", "x"],
      { a: 1.5, b: "x" },
      { a: 1 },
      [1.5],
      [5, "a"],
      [null, "a"],
      {},
    ],
  ],
  icontains: ["a", "A", "", "É", "ß", "NULL", 1, 1.5, true, null, ["a", "b"], {}, "object", "ABC"],
  starts_with: ["a", "AB", "", "É", "nul", 1, true, null, ["a"], {}],
  ends_with: ["c", "BC", "", "É", "ULL", 5, false, null, ["c"], {}],
  regex: [
    ...["a", "^a", "c$", "", "[a-c]+", "a|b", "(?:ab)+", "(ab)+", "\\d+", "a{2}", "a{1,}", "a{,2}"],
    ...[
      "(?i)a",
      "(?<x>a)",
      "\\bword",
      "\\p{L}",
      "É",
      "[[:alpha:]]",
      "[\\s-9]",
      "a++",
      "(",
      "[",
      "^?",
    ],
    ...["()*", "{2}", "[a&&b]", "[a--b]", "\\x41", "\\x4", "a{5000000000}", "\\", "[^]", "a{2}{3}"],
    ...["\\/", "\\q", "\\.", "null", "[\\b]", "x*", 5, null, true, ["a"], "((a))", "(?:)+", "\\1"],
  ],
  gt: ["5", 5, "5px", 1.5, "a", "", null, true, [3], {}, "1e3", -1, "B", "Infinity", "10"],
  is_date_before: [
    ...["-1d", "1h", "-2w", "3m", "-1y", "10000d", "5x", "2026-01-15", "2026-01-15T12:00:00Z"],
    ...["2026-01-15 12:00:00", "Jan 15 2026", "2024", "now", "", 1_768_478_400_000, "1710028800"],
    ...[true, null, ["-1d"], {}, "2026-01-15T12:00:00+02:00", "-0d", "31m", "24m", "8m"],
  ],
  semver_eq: [
    "1.2.3",
    "v1.2",
    "1",
    "1.2.3-beta",
    "01.2.3",
    "",
    ".1",
    "1.2.3.4",
    "a",
    1.2,
    2,
    null,
    "0.1.0",
    "1..2",
  ],
  semver_tilde: ["1.2.3", "1.2", "1", "0.1.9", "x", "V1.2.3", " 1.2.3 "],
  semver_caret: ["1.2.3", "0.1.2", "0.0.3", "0.0", "x", "2"],
  semver_wildcard: ["1.*", "1.2.*", "1.2.3.*", "*", "1*", "01.*", "1.x", "1.", "1.2", "", "v1.*"],
  is_set: ["is_set", null],
  unknown: ["a", 5, null],
};

/** Operators that use the values of another one. */
const SAME_VALUES: Readonly<Record<string, readonly string[]>> = {
  exact: ["exact", "is_not", ""],
  icontains: ["icontains", "not_icontains"],
  starts_with: ["starts_with", "not_starts_with"],
  ends_with: ["ends_with", "not_ends_with"],
  regex: ["regex", "not_regex"],
  gt: ["gt", "gte", "lt", "lte"],
  is_date_before: ["is_date_before", "is_date_after"],
  semver_eq: ["semver_eq", "semver_neq", "semver_gt", "semver_gte", "semver_lt", "semver_lte"],
  semver_tilde: ["semver_tilde"],
  semver_caret: ["semver_caret"],
  semver_wildcard: ["semver_wildcard"],
  is_set: ["is_set", "is_not_set"],
  unknown: ["in", "between", "is_date_exact", "toString"],
};

/** All operators with their values. */
export const OPERATORS: ReadonlyMap<string, readonly unknown[]> = new Map(
  Object.entries(SAME_VALUES).flatMap(([family, operators]) =>
    operators.map((operator) => [operator, FILTER_VALUES[family] ?? []] as const),
  ),
);

export const PROPERTY_VALUES: readonly unknown[] = [
  ...["a", "A", "abc", "ABC", "É", "é", "ss", "", "true", "TRUE", "false", "null", "aa", "ab", "b"],
  ...["5", "10", "9", "5px", "1.5", "1e3", "word", "a\rb", "x y", "\ud800", "i̇", "ας", "AÉ", "c"],
  ...["1.2.3", "v1.2.0", "1.2.3-rc.1+5", "2.0.0", "0.1.2", "0.0.3", "1", "01.2.3", "1.10.0"],
  ...["2026-01-14", "2026-01-15T11:59:59Z", "2026-01-15 12:00:00", "2025-01-01", "2024", "soon"],
  ...[
    true,
    false,
    null,
    undefined,
    0,
    -0,
    1,
    5,
    10,
    1.5,
    1e21,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ],
  ...[1_768_478_400_000, new Date(1_768_478_400_000), new Date(Number.NaN), [], ["a"], ["a", "b"]],
  ...[[1.5], [true], {}, { a: 1.5, b: "x" }, { b: "x", a: 1.5 }, { a: 1 }, [null, "a"], 10n],
];

export const PAYLOADS: readonly unknown[] = [
  ...['{"a":1}', "[1,2]", '"text"', "5", "0", "1.5", "null", "false", "true", "not json", "", '""'],
  ...[{ a: { b: [1] } }, [1, { c: 2 }], 5, 0, true, false, null, 1.5],
];
