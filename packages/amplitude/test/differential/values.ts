/** All operators, by family. */
export const OPERATORS = {
  equality: ["is", "is not"],
  substring: ["contains", "does not contain"],
  number: ["less", "less or equal", "greater", "greater or equal"],
  version: ["version less", "version less or equal", "version greater", "version greater or equal"],
  pattern: ["regex match", "regex does not match"],
  set: [
    "set is",
    "set is not",
    "set contains",
    "set does not contain",
    "set contains any",
    "set does not contain any",
  ],
  unknown: ["glob match", "IS", ""],
} as const;

/** A family of operators. */
export type Family = keyof typeof OPERATORS;

/** The families. */
export const FAMILIES: readonly Family[] = Object.keys(OPERATORS) as Family[];

/** Values of properties, by kind. */
export const PROPERTY_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  absent: [undefined, null],
  empty: ["", [], {}, [""], [null, ""]],
  word: ["red", "Red", "green", "blue", "redder", "(none)", " red ", "ﬁ", "Straße"],
  boolean: [true, false, "true", "TRUE", "False", "tRuE", ["true"], ["FALSE", "red"]],
  number: [0, 1, 2, -1, 1.5, 7.0, 1e21, "0", "01", "1e3", "0x1F", " 5 ", "Infinity", "abc", "12"],
  version: [
    "1.2",
    "1.2.3",
    "1.10.0",
    "2.0.0-",
    "1.2.3-alpha",
    "1.2.3-alpha.1",
    "1.2.3-a1.23",
    "10",
    "v1.2.3",
    "1.2.3.4",
    "01.02.03",
    "9007199254740992.0",
    1.2,
  ],
  list: [
    ["red", "green"],
    ["red"],
    ["red", "red"],
    [1, "2", true],
    ["(none)"],
    [{ a: 1 }],
    ["blue", null, ""],
  ],
  "list as text": ['["red","green"]', '["red"]', "[]", "[broken", ' ["red"]', "[1,2]"],
  object: [{ a: 1 }, { red: "x", nested: { deep: "red" } }],
};

/** Listed values of each family. */
export const LISTED: Readonly<Record<Family, readonly string[]>> = {
  equality: [
    "red",
    "Red",
    "green",
    "1",
    "7",
    "true",
    "FALSE",
    "(none)",
    "",
    '{"a":1}',
    "Straße",
    "0",
  ],
  substring: ["re", "RED", "e", "", "(none)", "true", "1", "SSE"],
  number: ["0", "1", "1.5", "abc", "", "(none)", "0x10", "Infinity", " 2 ", "-1"],
  version: [
    "1.2",
    "1.2.3",
    "1.2.3-alpha",
    "1.2.3-",
    "9.0",
    "10",
    "(none)",
    "1.10.0",
    "2.0.0",
    "9007199254740991.0",
    "abc",
  ],
  pattern: ["^re", "ed$", "^[a-z]+$", "\\d", "", "(none)", "^tr.e$", "R"],
  set: ["red", "green", "1", "true", "TRUE", "(none)", "", "blue"],
  unknown: ["red", "(none)"],
};

/** Names of user properties. One looks like a path, and one like a field. */
export const PROPERTY_NAMES: readonly string[] = [
  "p",
  "plan.tier",
  "country",
  "[Experiment] x",
  "1",
];

/**
 * The kind of half the values of a property, because numbers and versions are rarely compared
 * otherwise.
 */
export const USUAL_KINDS: Readonly<Record<string, string>> = {
  "plan.tier": "number",
  "[Experiment] x": "version",
  "1": "list",
};

/** The property that most conditions of a family use. */
export const USUAL_NAMES: Partial<Readonly<Record<Family, string>>> = {
  number: "plan.tier",
  version: "[Experiment] x",
  set: "1",
};
