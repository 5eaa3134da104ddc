import {
  type ConditionDescription,
  conditionText,
  type ExplainedAllocation,
  type Explanation,
  isJsonObject,
  whyText,
} from "@sortition/core/dialect";
import { momentText } from "./window-words.js";

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
  const { attribute, expected, operator, problem } = condition;
  if (problem !== null || attribute === "") return conditionText(condition);
  const isWanted = Object.hasOwn(PRESENCE, operator) ? PRESENCE[operator]?.(expected) : undefined;
  if (isWanted !== undefined) return `${attribute} has ${isWanted ? "a" : "no"} value`;
  const phrase = phraseOf(operator, expected);
  if (phrase === null) return conditionText(condition);
  const { not, rest, verb } = verbOf(phrase);
  if (verb === null) return `${attribute} is ${phrase}`;
  return `${attribute} ${not === "" ? verb.singular : `does not ${verb.base}`}${rest}`;
}

/** Returns the reason for a value in one line, without the vendor's notation. */
export function plainReason(explanation: Explanation): string {
  const { error, flag, reason } = explanation;
  if (error !== null || flag === null) return whyText(explanation);
  const applied = flag.allocations.find(({ outcome }) => outcome === "applies");
  if (applied !== undefined) {
    const words = decidersOf(applied);
    return words.length === 0 ? `${applied.key} applies to all subjects` : words.join(", and ");
  }
  // A dialect may assign a value even if no allocation applies.
  if (reason !== "no-allocation" && reason !== "assigned") return whyText(explanation);
  const failed = flag.allocations.map((it) => `${it.key}: ${decidersOf(it).join(", ")}`);
  return failed.length === 0 ? "the flag has no allocations" : failed.join("; ");
}

function decidersOf(allocation: ExplainedAllocation): readonly string[] {
  const { decidedBy, outcome } = allocation;
  if (outcome === "no-split-matches") return ["the subject is in no split"];
  const words = decidedBy.map((it) => deciderWords(allocation, it)).filter((it) => it !== null);
  // A split with several shard conditions is mentioned once.
  return [...new Set(words)];
}

/** @returns `null` if it applies to all subjects. */
function deciderWords(
  { rules, splits, window }: ExplainedAllocation,
  decider: ExplainedAllocation["decidedBy"][number],
): string | null {
  switch (decider.kind) {
    case "window":
      return decider.bound === "start"
        ? `starts ${momentText(window?.startAtMs ?? Number.NaN)}`
        : `ended ${momentText(window?.endAtMs ?? Number.NaN)}`;
    case "condition": {
      const condition = rules[decider.rule]?.conditions[decider.condition];
      return condition === undefined ? null : resultWords(condition);
    }
    case "shard": {
      const split = splits[decider.split];
      const shard = split?.shards[decider.shard];
      if (split === undefined || shard === undefined) return null;
      if (shard.reason !== "") return shard.reason;
      return `in the split for ${valueWords(split.variation)}`;
    }
    case "rule":
      return rules[decider.rule]?.problem ?? null;
    case "split":
      return splits[decider.split]?.problem ?? null;
  }
}

function resultWords(condition: ExplainedCondition): string {
  const { actual, attribute, expected, operator, outcome, problem, reason } = condition;
  const phrase = problem !== null || attribute === "" ? null : phraseOf(operator, expected);
  const isDecided = outcome === "holds" || outcome === "fails";
  if (isDecided && Object.hasOwn(PRESENCE, operator)) {
    return actual === undefined || actual === null
      ? `${attribute} has no value`
      : `${attribute} is ${valueWords(actual)}`;
  }
  if (phrase === null || !isDecided) return `${conditionWords(condition)}: ${reason}`;
  if (actual === undefined) return `${attribute} has no value`;
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
export function conditionStepWords(condition: ExplainedCondition): string {
  const { actual, attribute, expected, operator, outcome, problem } = condition;
  if (problem !== null) return problem;
  if (outcome === "not-reached") return conditionWords(condition);
  const words = resultWords(condition);
  const phrase = attribute === "" ? null : phraseOf(operator, expected);
  if (phrase === null || actual !== undefined || outcome !== "fails") return words;
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

/** Operators that compare the value of another flag. */
const FLAG_OPERATORS: ReadonlySet<string> = new Set(["gate", "prerequisite"]);

function phraseOf(operator: string, expected: unknown): string | null {
  if (FLAG_OPERATORS.has(operator)) return flagPhraseOf(expected);
  const phrase = Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
  if (phrase === undefined) return null;
  const isSingle = !Array.isArray(expected) || expected.length === 1;
  const short = isSingle ? phrase.replace(/ ?one of$/, "") : phrase;
  return `${short} ${valueWords(expected)}`.trim();
}

/** Omits the quotes of a string that cannot be mistaken for another type. */
export function valueWords(value: unknown): string {
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
  return others.length === 0 && operator.startsWith("$") ? phraseOf(operator, operand) : null;
}

function isKeyword(text: string): boolean {
  return text === "true" || text === "false" || text === "null";
}
