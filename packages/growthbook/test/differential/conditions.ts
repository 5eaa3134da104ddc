import type { Random } from "@sortition/dialect-kit/differential";
import { anyValue, GROUPS, NAMES } from "./values.js";

/** Operators by family. The test must find a fault in each family. */
export const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  equality: ["$eq", "$ne"],
  order: ["$lt", "$lte", "$gt", "$gte"],
  membership: ["$in", "$nin"],
  "folded membership": ["$ini", "$nini"],
  groups: ["$inGroup", "$notInGroup"],
  lists: ["$all", "$alli", "$size", "$elemMatch"],
  existence: ["$exists", "$type"],
  patterns: ["$regex", "$regexi"],
  versions: ["$veq", "$vne", "$vgt", "$vgte", "$vlt", "$vlte"],
  negation: ["$not"],
  logic: ["$or", "$nor", "$and"],
  references: ["$savedGroup"],
};

/** Operators on values. */
const OPERATORS: readonly string[] = Object.entries(FAMILIES).flatMap(([family, names]) =>
  family === "logic" || family === "references" ? [] : names,
);

const PATTERNS: readonly unknown[] = [
  "^a",
  "A",
  "\\d+",
  "null",
  "^.$",
  "/",
  "(",
  5,
  null,
  "[a-c]$",
];
const TYPES: readonly unknown[] = ["string", "number", "boolean", "array", "object", "null", "x"];
const LITERALS: readonly unknown[] = ["a", "1", "null", 0, 1, true, false, null, {}, ["a"], []];

/** Operators that rarely match a generated user occur more often. */
const PLAIN_OPERATORS: readonly string[] = [
  ...OPERATORS,
  ...["$regex", "$regexi", "$savedGroup", "$savedGroup", "$savedGroup"],
];
const PLAIN_NAMES: readonly string[] = ["id", "country", "age", "tags", "version"];

/** Generates one operator on one attribute, because the other parts of a larger condition may hide its result. */
export function generatePlainCondition(random: Random): unknown {
  const operator = random.deal("plain operators", PLAIN_OPERATORS);
  if (operator === "$savedGroup") return { [operator]: reference(random) };
  return { [random.pick(PLAIN_NAMES)]: { [operator]: operandOf(random, operator, 0) } };
}

/** Generates a condition on attributes. */
export function generateCondition(random: Random, depth = 0): unknown {
  if (random.chance(0.02)) return random.pick([5, "ab", [], [{}], true]);
  const entries = random.times(random.pick([0, 1, 1, 1, 2, 2, 3]), () => entry(random, depth));
  return Object.fromEntries(entries);
}

function entry(random: Random, depth: number): [string, unknown] {
  if (depth < 3 && random.chance(0.3)) {
    const operator = random.pick(["$or", "$nor", "$and", "$not", "$savedGroup"]);
    if (operator === "$not") return [operator, generateCondition(random, depth + 1)];
    if (operator === "$savedGroup") return [operator, reference(random)];
    if (random.chance(0.03)) return [operator, random.pick([null, 5, {}, "a", [null]])];
    const count = random.pick([0, 1, 2, 2, 3]);
    return [operator, random.times(count, () => generateCondition(random, depth + 1))];
  }
  if (random.chance(0.02)) return [random.pick(["$eq", "$unknown"]), anyValue(random)];
  return [random.pick(NAMES), generateTest(random, depth)];
}

function reference(random: Random): unknown {
  if (random.chance(0.1)) return random.pick([null, 5, "vip", [], { id: 5 }, {}]);
  const id = random.pick(GROUPS);
  if (random.chance(0.6)) return { id };
  return { id, attributeKey: random.pick([...NAMES, null, 5]) };
}

/** Generates the test for a value. */
function generateTest(random: Random, depth: number): unknown {
  if (random.chance(0.25)) return random.pick(LITERALS);
  const operators = random.times(random.pick([1, 1, 1, 2]), () => random.pick(OPERATORS));
  const test = Object.fromEntries(operators.map((it) => [it, operandOf(random, it, depth)]));
  if (random.chance(0.03)) return { ...test, plain: 1 };
  return random.chance(0.02) ? { ...test, $unknown: 1 } : test;
}

function operandOf(random: Random, operator: string, depth: number): unknown {
  if (random.chance(0.03)) return anyValue(random);
  switch (operator) {
    case "$in":
    case "$nin":
    case "$ini":
    case "$nini":
      return random.times(random.pick([0, 1, 3, 12]), () => anyValue(random));
    case "$all":
    case "$alli":
      return random.times(random.pick([0, 1, 1, 2]), () =>
        depth < 3 && random.chance(0.3)
          ? generateTest(random, depth + 1)
          : random.pick(["a", "A", "1", 1, null, 0, false]),
      );
    case "$inGroup":
    case "$notInGroup":
      return random.pick(GROUPS);
    case "$size":
      return depth < 3 && random.chance(0.3)
        ? generateTest(random, depth + 1)
        : random.integer(0, 3);
    case "$elemMatch":
      if (depth >= 3) return { $eq: 1 };
      return random.chance(0.5)
        ? generateTest(random, depth + 1)
        : random.pick([{ a: 1 }, { a: { $gt: 0 } }, {}, generateCondition(random, depth + 1)]);
    case "$not":
      return depth < 3 ? generateTest(random, depth + 1) : "a";
    case "$exists":
      return random.pick([true, false, 1, 0, "", null]);
    case "$type":
      return random.pick(TYPES);
    case "$regex":
    case "$regexi":
      return random.pick(PATTERNS);
    default:
      return anyValue(random);
  }
}
