import type { Random } from "@sortition/dialect-kit/differential";

/** Values of attributes, and what they are compared with: chosen so that conversions matter. */
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

/** Names of attributes; some have dots, or are in every object. */
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

/** A value that a generator may put anywhere. */
export function anyValue(random: Random): unknown {
  return random.pick(VALUES);
}

const LISTS: readonly unknown[] = VALUES.filter(Array.isArray);

/** A list, for operators that are about lists. */
export function anyList(random: Random): unknown {
  return random.pick(LISTS);
}

/** Ids of users: also those that are no strings. */
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
