/** Attribute values by their peculiarity. */
export const ATTRIBUTE_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  text: ["US", "us", "alice@example.com", "pro", "true", "null", ""],
  "numeric text": ["5", " 5", "5.0", "+5", "1e3", ".5", "5.", "0x10", "Infinity", "1_000", "-0"],
  number: [5, 0, -1, 17.5, 1e21, Number.NaN, Number.POSITIVE_INFINITY, -0],
  version: ["1.2.3", "1.2", "1", "1.2.0.0", "v1.2.3", "1.2.3-beta.2", "1.2.3-beta.11+x", "01.2"],
  "large version": ["18446744073709551615.0", "18446744073709551616", "1.2.3-99999999999999999999"],
  boolean: [true, false],
  none: [null, undefined],
  list: [["US"], [], [5]],
  object: [{ a: 1 }, {}],
  "own string form": [
    { toString: () => "US" },
    new Date(Date.UTC(2026, 0, 1)),
    Object.create(null) as object,
    {
      toString() {
        throw new Error("no string form");
      },
    },
  ],
  other: [5n, Symbol("s"), () => "US"],
};

export const ATTRIBUTE_NAMES = [
  "country",
  "age",
  "version",
  "id",
  "constructor",
  "toString",
] as const;

export const PATTERNS = [
  "^U",
  "(?i)us$",
  "(?ius)^.s$",
  "(?u)\\bma\u00f1ana\\b",
  "[[:alnum:]]+@example\\.com",
  "",
  "(?i)",
  "a(?i)b",
  "5|true|null",
] as const;
export const BAD_PATTERNS = ["(", "[", "(?x)a", "(?u)\\_"] as const;

export const VERSIONS = [
  "1.2.3",
  "1.2",
  "1.2.0.0",
  "1",
  "1.2.3-beta.3",
  "1.2.3-beta.x",
  "1.2.3+build.01",
  "18446744073709551615",
  "1.2.3-99999999999999999998",
] as const;
export const BAD_VERSIONS = [
  "v1.2",
  "1..2",
  "",
  "1.2.3-",
  "1.2-01",
  "18446744073709551616",
] as const;

export const OPERATORS = {
  ordering: ["GTE", "GT", "LTE", "LT"],
  list: ["ONE_OF", "NOT_ONE_OF"],
  pattern: ["MATCHES", "NOT_MATCHES"],
  presence: ["IS_NULL"],
  version: ["SEMVER_EQ", "SEMVER_NEQ", "SEMVER_LT", "SEMVER_LTE", "SEMVER_GT", "SEMVER_GTE"],
} as const;

export type Family = keyof typeof OPERATORS;

export const FAMILIES: readonly Family[] = Object.keys(OPERATORS) as Family[];
