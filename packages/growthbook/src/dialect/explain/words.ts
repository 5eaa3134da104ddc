import {
  type ConditionDescription,
  type ConditionWords,
  type DialectWords,
  fixedPhrase,
  isJsonObject,
  type JsonObject,
  type Phrase,
  phrase,
  valueWords,
} from "@sortition/core/dialect";
import { conditionText, conditionWords, shareText } from "@sortition/core/dialect-internal";
import { comparisonsIn } from "./attributes.js";

/** The words after "is". */
const OPERATORS: Readonly<Record<string, string>> = {
  ...{ "=": "", $eq: "", $ne: "not", $in: "one of", $nin: "not one of", $regex: "matching" },
  ...{ $gt: "above", $gte: "at least", $lt: "below", $lte: "at most", $veq: "version" },
  ...{ $vgt: "above version", $vgte: "at least version", $vlt: "below version" },
  ...{ $vne: "not version", $vlte: "at most version", $inGroup: "in group" },
  ...{ $notInGroup: "not in group", $type: "of type", $size: "a list of size" },
  ...{ $ini: "one of (in any case)", $nini: "not one of (in any case)" },
  ...{ $all: "containing all of", $alli: "containing all of (in any case)" },
  ...{ $regexi: "matching (in any case)" },
};

/** The words of GrowthBook's dialect. */
export const GROWTHBOOK_WORDS: DialectWords = {
  noun: "rule",
  flagNoun: "feature",
  otherwise: { words: "null or your code's default value" },
  nameOf: (key, index) => (key === `${index}` ? null : key),
  isDefault: ({ key, rules }) => key === "default" && rules.length === 0,
  ofCondition: (condition) => groupOf(condition, 0) ?? singleOf(condition),
};

function singleOf({
  attribute: of,
  expected,
  operator,
}: ConditionDescription): ConditionWords | null {
  switch (operator) {
    case "$exists":
      return { kind: "presence", of, isWanted: expected === true };
    case "gate":
    case "prerequisite": {
      const value = flagPhrase(expected);
      return value === null ? null : { kind: "value", of, phrase: value };
    }
    case "namespace":
    case "filter": {
      const place = placeWords(operator, expected);
      return place === null ? null : { kind: "fact", of, phrase: fixedPhrase("", place) };
    }
  }
  const words = phraseOf(operator, expected);
  return words === null || of === "" ? null : { kind: "value", of, phrase: words };
}

function phraseOf(operator: string, expected: unknown): Phrase | null {
  const words = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  return words === undefined || isOperators(expected) ? null : phrase(words, expected);
}

/** Returns the phrase for a condition such as `{ "value": true }` or `{ "value": { "$ne": "off" } }`. */
function flagPhrase(expected: unknown): Phrase | null {
  if (!isJsonObject(expected) || Object.keys(expected).join() !== "value") return null;
  const { value } = expected;
  if (!isJsonObject(value)) return fixedPhrase("", valueWords(value));
  const [[operator, operand] = ["", null], ...others] = Object.entries(value);
  return others.length > 0 || !operator.startsWith("$") ? null : phraseOf(operator, operand);
}

/** Formats the range of a namespace or a filter: `in 0% to 50% of namespace checkout`. */
function placeWords(operator: "filter" | "namespace", expected: unknown): string | null {
  const [name, ranges] = Array.isArray(expected)
    ? [expected[0] as unknown, [expected.slice(1)]]
    : isJsonObject(expected)
      ? [expected["seed"], expected["ranges"]]
      : [null, null];
  if (!Array.isArray(ranges)) return null;
  const words = ranges.map((range: unknown) => {
    const [start, end] = Array.isArray(range) ? (range as readonly unknown[]) : [];
    if (typeof start !== "number" || typeof end !== "number") return null;
    return `${shareText(start)} to ${shareText(end)}`;
  });
  if (words.length === 0 || words.includes(null)) return null;
  return `in ${words.join(" or ")} of ${operator} ${valueWords(name)}`;
}

/** Whether a value is an object of operators, such as `{ "$gt": 1, "$lt": 5 }`. */
function isOperators(value: unknown): value is JsonObject {
  if (!isJsonObject(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((it) => it.startsWith("$"));
}

/** Conditions that nest more deeply are shown as JSON. */
const MAX_DEPTH = 4;
/** Maximum number of attributes of a group to show. */
const MAX_READ = 8;

function groupOf(condition: ConditionDescription, depth: number): ConditionWords | null {
  const sentence = groupWords(condition, depth);
  if (sentence === null) return null;
  const { attribute, expected } = condition;
  const reads = attribute === "" ? comparisonsIn(expected).map((it) => it.attribute) : [attribute];
  return { kind: "group", sentence, reads: [...new Set(reads)].slice(0, MAX_READ) };
}

function groupWords(
  { attribute, expected, operator }: Omit<ConditionDescription, "problem">,
  depth: number,
): string | null {
  if (depth > MAX_DEPTH) return null;
  if (attribute !== "") {
    if (operator !== "=" && operator !== "$not") return null;
    if (!isOperators(expected)) return null;
    const words = joined(
      Object.entries(expected).map(([name, value]) => partWords(attribute, name, value, depth)),
      "and",
    );
    return operator === "$not" ? `not (${words})` : words;
  }
  const parts = (Array.isArray(expected) ? (expected as readonly unknown[]) : [expected]).map(
    (it) => objectWords(it, depth),
  );
  switch (operator) {
    case "$or":
      return joined(parts, "or");
    case "$and":
      return joined(parts, "and");
    case "$nor":
    case "$not":
      return `not (${parts.join(" or ")})`;
    default:
      return null;
  }
}

function objectWords(condition: unknown, depth: number): string {
  if (!isJsonObject(condition)) return valueWords(condition);
  const entries = Object.entries(condition);
  if (entries.length === 0) return "all subjects match";
  const words = entries.map(([name, value]) => {
    if (name.startsWith("$")) return partWords("", name, value, depth);
    const [only, ...others] = isOperators(value) ? Object.entries(value) : [];
    return only === undefined || others.length > 0
      ? partWords(name, "=", value, depth)
      : partWords(name, only[0], only[1], depth);
  });
  return joined(words, "and");
}

function partWords(attribute: string, operator: string, expected: unknown, depth: number): string {
  const condition = { attribute, operator, expected, problem: null };
  const group = groupWords(condition, depth + 1);
  if (group !== null) return group;
  const isNested = attribute === "" || isOperators(expected);
  if (isNested) return conditionText(condition);
  return conditionWords(condition, { ...GROWTHBOOK_WORDS, ofCondition: singleOf });
}

/** Joins parts, and puts parts that contain `and` or `or` in parentheses. */
function joined(parts: readonly string[], word: "and" | "or"): string {
  if (parts.length === 1) return parts[0] ?? "";
  return parts
    .map((it) => (/ (?:and|or) /.test(it) && !it.startsWith("not (") ? `(${it})` : it))
    .join(` ${word} `);
}
