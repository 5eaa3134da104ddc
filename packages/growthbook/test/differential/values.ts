import type { Random } from "@sortition/dialect-kit/differential";

/** Values of attributes and operands, chosen so that conversions make a difference. */
const VALUES: readonly unknown[] = [
  "a",
  "A",
  "1",
  "",
  "null",
  "true",
  "10",
  "9",
  "1.2.3",
  "v1.2.3-rc.1",
  "1.10.0+build",
  "user@example.com",
  "ünïcode 🎉",
  0,
  1,
  -1,
  1.5,
  10,
  1e21,
  true,
  false,
  null,
  [],
  ["a"],
  ["A", "b"],
  [1, 2, null],
  [0, "", false],
  [["a"]],
  {},
  { a: 1 },
  { b: 2, a: 1 },
  [{ a: 1 }, { a: "b" }],
];

/** Names of attributes. Some contain dots, or exist in every object. */
export const NAMES: readonly string[] = [
  "id",
  "country",
  "age",
  "tags",
  "version",
  "deep",
  "deep.inner",
  "deep.inner.x",
  "tags.0",
  "tags.length",
  "missing",
];

export const GROUPS: readonly string[] = ["vip", "typed", "byCondition", "self", "odd", "unknown"];

/** Returns a value that a generator may put anywhere. */
export function anyValue(random: Random): unknown {
  return random.pick(VALUES);
}

const LISTS: readonly unknown[] = VALUES.filter(Array.isArray);

/** Returns a list, for operators on lists. */
export function anyList(random: Random): unknown {
  return random.pick(LISTS);
}

/** Ids of users, including ids that are not strings. */
export const IDS: readonly unknown[] = [
  "user-1",
  "user-2",
  "user-3",
  "user-4",
  "user-5",
  "ü🎉",
  7,
  0,
  "0",
  " ",
  "",
  true,
  false,
  null,
  ["a", "b"],
  [],
  { a: 1 },
  1e21,
];
