import { USER_FIELDS } from "@sortition/amplitude/dialect";
import {
  type ConditionDescription,
  conditionText,
  type ExplainedAllocation,
  isJsonObject,
  type JsonObject,
  shareText,
} from "@sortition/core/dialect";

import { nestedComparisons } from "./nested-comparisons.js";

type ExplainedCondition = ExplainedAllocation["rules"][number]["conditions"][number];

/** Comparison operators of all vendors, as the words after "is". */
const COMPARISONS: Readonly<Record<string, string>> = {
  ...{ ONE_OF: "one of", NOT_ONE_OF: "not one of", MATCHES: "matching" },
  ...{ NOT_MATCHES: "not matching", GT: "above", GTE: "at least", LT: "below", LTE: "at most" },
  ...{ "=": "", $eq: "", $ne: "not", $in: "one of", $nin: "not one of", $regex: "matching" },
  ...{ $gt: "above", $gte: "at least", $lt: "below", $lte: "at most", $veq: "version" },
  ...{ $vgt: "above version", $vgte: "at least version", $vlt: "below version" },
  ...{ $vne: "not version", $vlte: "at most version", $inGroup: "in group" },
  ...{ $notInGroup: "not in group", is: "one of", "is not": "not one of" },
  ...{ contains: "containing one of", "does not contain": "not containing one of", less: "below" },
  ...{ "less or equal": "at most", greater: "above", "greater or equal": "at least" },
  ...{ "version less": "below version", "version less or equal": "at most version" },
  ...{ "version greater": "above version", "version greater or equal": "at least version" },
  ...{ "regex match": "matching", "regex does not match": "not matching" },
  ...{ exact: "one of", is_not: "not one of", regex: "matching", not_regex: "not matching" },
  ...{ gt: "above", gte: "at least", lt: "below", lte: "at most" },
  ...{ icontains: "containing", not_icontains: "not containing" },
  ...{ starts_with: "starting with", not_starts_with: "not starting with" },
  ...{ ends_with: "ending with", not_ends_with: "not ending with" },
  ...{ is_date_before: "before", is_date_after: "after" },
  ...{ $ini: "one of (in any case)", $nini: "not one of (in any case)", $type: "of type" },
  ...{ $all: "containing all of", $alli: "containing all of (in any case)" },
  ...{ $regexi: "matching (in any case)", $size: "a list of size" },
  ...{ "glob match": "matching", "glob does not match": "not matching" },
  ...{ "set is": "exactly", "set is not": "not exactly", "set contains": "containing all of" },
  ...{ "set does not contain": "not containing all of", "set contains any": "containing one of" },
  ...{ "set does not contain any": "not containing one of" },
  ...{ semver_eq: "version", semver_neq: "not version", semver_gt: "above version" },
  ...{ semver_gte: "at least version", semver_lt: "below version", semver_lte: "at most version" },
  ...{ semver_tilde: "version ~", semver_caret: "version ^", semver_wildcard: "version" },
  ...{ SEMVER_EQ: "version", SEMVER_NEQ: "not version", SEMVER_GT: "above version" },
  ...{ SEMVER_GTE: "at least version", SEMVER_LT: "below version", SEMVER_LTE: "at most version" },
};

/** Operators that test whether an attribute has a value. The functions return `true` if it must have one. */
const PRESENCE: Readonly<Record<string, (expected: unknown) => boolean>> = {
  IS_NULL: (expected) => expected !== true,
  $exists: (expected) => expected === true,
  is_set: () => true,
  is_not_set: () => false,
};

/** Maximum number of list entries to show. */
const MAX_ENTRIES = 8;

/** Returns a condition as part of a sentence: `country is one of DE, FR`. */
export function conditionWords(condition: ConditionDescription): string {
  const { expected, operator, problem } = condition;
  if (problem !== null) return conditionText(condition);
  const group = groupWords(condition);
  if (group !== null) return group;
  const attribute = attributeWords(condition);
  const isWanted = Object.hasOwn(PRESENCE, operator) ? PRESENCE[operator]?.(expected) : undefined;
  if (isWanted !== undefined) return `${attribute} has ${isWanted ? "a" : "no"} value`;
  const phrase = phraseOf(condition);
  if (phrase === null || attribute === "") return conditionText(condition);
  const { not, rest, verb } = verbOf(phrase);
  if (verb === null) return `${attribute} is ${phrase}`;
  return `${attribute} ${not === "" ? verb.singular : `does not ${verb.base}`}${rest}`;
}

/**
 * Returns a condition with its outcome: `country is US, not one of DE, FR`.
 *
 * @param attributes - of the subject, for groups of conditions.
 */
export function resultWords(condition: ExplainedCondition, attributes: JsonObject): string {
  const { actual, operator, outcome, problem, reason } = condition;
  const phrase = problem === null ? phraseOf(condition) : null;
  const attribute = attributeWords(condition);
  const isDecided = outcome === "holds" || outcome === "fails";
  if (!isDecided) return `${conditionWords(condition)}: ${reason}`;
  if (Object.hasOwn(PRESENCE, operator)) {
    return actual === undefined || actual === null
      ? `${attribute} has no value`
      : `${attribute} is ${valueWords(actual)}`;
  }
  if (phrase === null || attribute === "") {
    const values = valuesRead(condition, attributes);
    const because = values === "" ? reason : values;
    const words = `${outcome === "fails" ? "not met: " : ""}${conditionWords(condition)}`;
    return because === "" ? words : `${words} (${because})`;
  }
  if (isFact(condition)) return `${attribute} is ${outcome === "holds" ? phrase : not(phrase)}`;
  // GrowthBook treats a missing attribute as null.
  if (actual === undefined || actual === null) return `${attribute} has no value`;
  const fact = `${attribute} is ${valueWords(actual)}`;
  if (outcome === "fails") {
    if (!phrase.startsWith("not ")) return `${fact}, not ${phrase}`;
    const excluded = phrase.slice(4);
    return fact === `${attribute} is ${excluded}`
      ? `${fact}, which is excluded`
      : `${fact}, ${excluded}`;
  }
  return fact === `${attribute} is ${phrase}` ? fact : `${fact}, ${phrase}`;
}

/** Returns the outcome of a condition for the list of all checks: `orders has no value, but must be above 0`. */
export function conditionStepWords(condition: ExplainedCondition, attributes: JsonObject): string {
  const { actual, outcome, problem } = condition;
  if (problem !== null) return problem;
  if (outcome === "not-reached") return conditionWords(condition);
  const words = resultWords(condition, attributes);
  const attribute = attributeWords(condition);
  const phrase = attribute === "" || isFact(condition) ? null : phraseOf(condition);
  const isAbsent = actual === undefined || actual === null;
  if (phrase === null || !isAbsent || outcome !== "fails") return words;
  const { not, rest, verb } = verbOf(phrase);
  return `${words}, but must ${not}${verb?.base ?? "be "}${rest}`;
}

/** Forms of the verbs that phrases start with. The words after "is" are participles. */
const VERBS: readonly { readonly base: string; readonly singular: string }[] = [
  { base: "contain", singular: "contains" },
  { base: "end", singular: "ends" },
  { base: "match", singular: "matches" },
  { base: "start", singular: "starts" },
];

/** Splits a phrase such as `not starting with A`. `verb` is `null` for a phrase without a verb, such as `above 5`. */
function verbOf(phrase: string) {
  const not = phrase.startsWith("not ") ? "not " : "";
  const wanted = phrase.slice(not.length);
  const verb = VERBS.find(({ base }) => wanted.startsWith(`${base}ing `)) ?? null;
  const rest = verb === null ? wanted : wanted.slice(verb.base.length + "ing".length);
  return { not, verb, rest };
}

function not(phrase: string): string {
  return phrase.startsWith("not ") ? phrase.slice(4) : `not ${phrase}`;
}

/** Matches Amplitude's operators, whose attributes are paths. */
const PATH_OPERATORS =
  /^(?:is|is not|contains|does not contain|(?:set|version|regex|glob|less|greater) .+|less|greater)$/;

/** Names what a condition tests, if possible as users enter it: `plan` for `user.user_properties.plan`. */
function attributeWords({ attribute, operator }: ConditionDescription): string {
  if (operator === "in" || operator === "not_in") return "the subject";
  if (!PATH_OPERATORS.test(operator)) return attribute;
  if (attribute === "user.cohort_ids") return "the subject";
  const [, property] = /^user\.user_properties\.(.+)$/s.exec(attribute) ?? [];
  if (property !== undefined) return USER_FIELDS.has(property) ? `property ${property}` : property;
  const [, field] = /^user\.(.+)$/s.exec(attribute) ?? [];
  if (field !== undefined) return field;
  const [, flag, member] = /^result\.(.+)\.(key|value)$/s.exec(attribute) ?? [];
  if (flag !== undefined) return member === "key" ? `flag ${flag}` : `the value of flag ${flag}`;
  const [, type, part] = /^groups\.([^.]+)\.(.+)$/s.exec(attribute) ?? [];
  if (type === undefined || part === undefined) return attribute;
  if (part === "group_name" || part === "cohort_ids") return `group ${type}`;
  return `${part.replace(/^group_properties\./, "")} of group ${type}`;
}

/** Whether a condition tests something other than an attribute, so that there is no actual value to show. */
function isFact({ attribute, operator }: ConditionDescription): boolean {
  return FACTS.has(operator) || isCohort(attribute);
}

const FACTS: ReadonlySet<string> = new Set([
  ...["in", "not_in", "flag_evaluates_to", "namespace", "filter"],
]);

/** Whether an attribute is the list of a subject's cohorts (Amplitude). */
function isCohort(attribute: string): boolean {
  return /^(?:user|groups\.[^.]+)\.cohort_ids$/.test(attribute);
}

/** Operators that compare the value of another flag. */
const FLAG_OPERATORS: ReadonlySet<string> = new Set(["gate", "prerequisite"]);

/** Returns the words after "is"; `null` if there are none. */
function phraseOf({ attribute, expected, operator }: ConditionDescription): string | null {
  if (FLAG_OPERATORS.has(operator)) return flagPhraseOf(expected);
  if (operator === "flag_evaluates_to") {
    if (typeof expected === "boolean") return expected ? "enabled" : "disabled";
    return valueWords(expected);
  }
  if (operator === "in" || operator === "not_in") {
    return `${operator === "in" ? "" : "not "}in ${cohortWords(expected)}`;
  }
  if (operator === "namespace" || operator === "filter") return placeWords(operator, expected);
  if (isCohort(attribute)) {
    return `${operator.includes("not") ? "not " : ""}in ${cohortWords(expected)}`;
  }
  const phrase = Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
  if (phrase === undefined || isOperators(expected)) return null;
  const isSingle = !Array.isArray(expected) || expected.length === 1;
  const short = isSingle ? phrase.replace(/ ?(?:one|all) of$/, "") : phrase;
  return `${short} ${valueWords(expected)}`.trim().replace(/(version [~^]) "?([^"]*)"?/, "$1$2");
}

function cohortWords(ids: unknown): string {
  const words = valueWords(ids).replaceAll('"', "");
  return Array.isArray(ids) && ids.length > 1 ? `one of the cohorts ${words}` : `cohort ${words}`;
}

/** Formats the range of a namespace or a filter (GrowthBook): `in 0% to 50% of namespace checkout`. */
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

/** Returns the attributes that a group of conditions reads (GrowthBook): `country is DE, tier has no value`. */
function valuesRead(
  { attribute, expected, operator }: ConditionDescription,
  attributes: JsonObject,
): string {
  if (groupWords({ attribute, expected, operator, problem: null }) === null) return "";
  const read =
    attribute === "" ? nestedComparisons(expected).map((it) => it.attribute) : [attribute];
  const words = [...new Set(read)].slice(0, MAX_ENTRIES).map((name) => {
    const value = valueAt(attributes, name);
    return `${name} ${value === undefined || value === null ? "has no value" : `is ${valueWords(value)}`}`;
  });
  return words.join(", ");
}

/** @param path - names separated by dots. */
function valueAt(attributes: JsonObject, path: string): unknown {
  let value: unknown = attributes;
  for (const name of path.split(".")) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** Whether a value is an object of operators, such as `{ "$gt": 1, "$lt": 5 }`. */
function isOperators(value: unknown): value is JsonObject {
  if (!isJsonObject(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((it) => it.startsWith("$"));
}

/** Conditions that nest more deeply are shown as JSON. */
const MAX_DEPTH = 4;

/** Formats a group of conditions (GrowthBook); `null` for any other condition. */
function groupWords(
  { attribute, expected, operator }: ConditionDescription,
  depth = 0,
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
  return isNested ? conditionText(condition) : conditionWords(condition);
}

/** Joins parts, and puts parts that contain `and` or `or` in parentheses. */
function joined(parts: readonly string[], word: "and" | "or"): string {
  if (parts.length === 1) return parts[0] ?? "";
  return parts
    .map((it) => (/ (?:and|or) /.test(it) && !it.startsWith("not (") ? `(${it})` : it))
    .join(` ${word} `);
}

/** Omits the quotes of a string that cannot be mistaken for another type. */
function valueWords(value: unknown): string {
  if (Array.isArray(value)) {
    const shown = value.slice(0, MAX_ENTRIES).map(valueWords).join(", ");
    const rest = value.length - MAX_ENTRIES;
    return rest > 0 ? `${shown} and ${rest.toLocaleString("en-US")} more` : shown;
  }
  const isPlain =
    typeof value === "string" && /^[\p{L}_@^./][^,"]*$/u.test(value) && !isKeyword(value);
  return isPlain ? value : (JSON.stringify(value) ?? "nothing");
}

/** Returns the phrase for a condition such as `{ "value": true }` or `{ "value": { "$ne": "off" } }`. */
function flagPhraseOf(expected: unknown): string | null {
  if (!isJsonObject(expected) || Object.keys(expected).join() !== "value") return null;
  const { value } = expected;
  if (!isJsonObject(value)) return valueWords(value);
  const [[operator, operand] = ["", null], ...others] = Object.entries(value);
  if (others.length > 0 || !operator.startsWith("$")) return null;
  return phraseOf({ attribute: "", operator, expected: operand, problem: null });
}

function isKeyword(text: string): boolean {
  return text === "true" || text === "false" || text === "null";
}
