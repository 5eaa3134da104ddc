/** Values and references that often match. */
export const LIKELY: readonly (readonly [
  op: string,
  attribute: string,
  values: readonly unknown[],
])[] = [
  ["in", "key", ["a", "b", "alice"]],
  ["in", "x", ["a", 5, true, 1.5]],
  ["in", "kind", ["user", "device-1"]],
  ["in", "anonymous", [false]],
  ["contains", "key", ["li", "b"]],
  ["matches", "/x", ["."]],
  ["lessThan", "x", [1e22]],
  ["greaterThanOrEqual", "name", [-1]],
  ["before", "x", ["2030-01-01T00:00:00Z"]],
  ["after", "x", ["2019-12-31T23:59:59Z"]],
  ["semVerEqual", "name", ["2.0.0", "1.2.3"]],
  ["semVerGreaterThan", "x", ["0.0.1"]],
  ["semVerLessThan", "name", ["9"]],
];

/** Values of clauses that each operator compares with attributes. */
export const OPERATORS: Readonly<Record<string, readonly unknown[]>> = {
  in: ["a", "b", "", 5, 1.5, 0, true, false, null, "5", "user", "org", {}, []],
  startsWith: ["a", "al", "", "É", 5, null],
  endsWith: ["e", "ce", "", "1", true],
  contains: ["li", "", "b", "É", 5, []],
  matches: ["^a", "[a-c]+$", "", "(", "\\d", "(?:ab)+", "É", 5, "user|org"],
  lessThan: [5, 1.5, -1, "5", 0, 1e21, null],
  lessThanOrEqual: [5, 1.5, "a"],
  greaterThan: [4, 0, "2"],
  greaterThanOrEqual: [5, 10],
  before: [
    ...[
      "2020-01-01T00:00:00Z",
      "2020-01-01T00:00:00.123+02:00",
      "2020-01-01",
      "2020-01-01T00:00:00Zx",
    ],
    ...[1_577_836_800_000, "2020-99-99T99:99:99Z", "2020-01-01T00:00:00-07", true],
  ],
  after: ["2019-12-31T23:59:59Z", 0, "x"],
  semVerEqual: ["1.2.3", "2", "2.1-beta", "v1.2.3", "1.2.3+build", "01.2.3", "2.0.0", 2, " 1.2.3"],
  semVerLessThan: ["1.2.3", "2.1.0-beta.2", "10", "1.2.3-99999999999999999999"],
  semVerGreaterThan: ["1.2.3-alpha", "0.0.0", "1.2", "a"],
};

/** Values of attributes. */
export const ATTRIBUTE_VALUES: readonly unknown[] = [
  ...["a", "b", "alice", "", "É", "5", "abab", "abc1", "user"],
  ...[5, 1.5, 0, -1, 10, 1e21, true, false, null],
  ...["2020-01-01T00:00:00Z", "2019-06-01T00:00:00.5+02:00", 1_577_836_800_001],
  ...["1.2.3", "2", "2.1-beta", "2.1.0-beta.10", "v1.2.3", " v1.2.3", "1.2.3-x+y", "1.2.3.4"],
  ...[
    ["a", 5],
    [],
    [null],
    [["a"]],
    ["1.2.3", "2"],
    { b: "a", "~x": "b", "c/d": 5 },
    { b: { c: true } },
  ],
];

/** References to attributes. */
export const REFERENCES: readonly string[] = [
  ...["key", "kind", "anonymous", "name", "x", "y", "y/b", "/y/b", "/y/b/c", "/y/~0x", "/y/c~1d"],
  ...[
    "/x",
    "/~1x",
    "/~0x",
    "//x",
    "/x~",
    "/x~2",
    "~x",
    "x~",
    "_meta",
    "/_meta/a",
    "/kind",
    "/kind/a",
  ],
  ...["/y/0", "/key", "/", "", "/y//b", "missing", "/anonymous", "/y/~^x"],
];

/** Names of attributes. */
export const ATTRIBUTES: readonly string[] = ["name", "x", "y", "/x", "~x", "_meta", "/y/b"];

export const KINDS: readonly string[] = ["user", "org", "device-1"];
export const KEYS: readonly string[] = ["a", "b", "alice", "bob", "5", "a:b%", "É", "\ud800"];
