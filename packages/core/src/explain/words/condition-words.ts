import type { JsonObject } from "../../conditions/decode.js";
import type { ConditionDescription, RuleDescription } from "../description.js";
import type { ExplainedCondition } from "../explanation.js";
import { conditionText } from "../text/parts.js";
import { valueWords } from "./value-words.js";
import type { DialectWords, Phrase } from "./words.js";

/** Whether a condition is shown as a sentence, and not in the vendor's notation. */
export function hasSentence(condition: ConditionDescription, words: DialectWords): boolean {
  return condition.problem === null && words.ofCondition(condition) !== null;
}

/** Returns a condition as part of a sentence: `country is one of DE, FR`. */
export function conditionWords(condition: ConditionDescription, words: DialectWords): string {
  const its = condition.problem === null ? words.ofCondition(condition) : null;
  if (its === null) return conditionText(condition);
  if (its.kind === "group") return its.sentence;
  if (its.kind === "presence") return `${its.of} has ${its.isWanted ? "a" : "no"} value`;
  return `${its.of} ${predicate(its.phrase)}`;
}

function predicate(phrase: Phrase): string {
  const { isNegated, rest, verb } = phrase;
  if (verb === "be") return `is ${participle(phrase)}`;
  return isNegated ? `does not ${verb} ${rest}` : `${verb}${verb === "match" ? "es" : "s"} ${rest}`;
}

/** Returns rules as part of a sentence: `country is DE, or plan is gold`. */
export function rulesWords(rules: readonly RuleDescription[], words: DialectWords): string {
  if (rules.length === 0) return "all subjects";
  const texts = rules.map(({ conditions, problem }) => {
    if (problem !== null) return "malformed";
    if (conditions.length === 0) return "all subjects";
    return conditions.map((it) => conditionWords(it, words)).join(" and ");
  });
  return texts.join(", or ");
}

/**
 * Returns a condition with its outcome: `country is US, not one of DE, FR`.
 *
 * @param attributes - of the subject, for groups of conditions.
 */
export function factWords(
  condition: ExplainedCondition,
  words: DialectWords,
  attributes: JsonObject,
): string {
  const { actual, outcome, problem, reason } = condition;
  if (outcome !== "holds" && outcome !== "fails") {
    const sentence = conditionWords(condition, words);
    return reason === "" ? sentence : `${sentence}: ${reason}`;
  }
  const its = problem === null ? words.ofCondition(condition) : null;
  const isAbsent = actual === undefined || actual === null;
  if (its?.kind === "presence") return valueFact(its.of, actual);
  if (its === null || its.kind === "group") {
    const because =
      its === null
        ? reason
        : its.reads.map((it) => valueFact(it, valueAt(attributes, it))).join(", ") || reason;
    const sentence = `${outcome === "fails" ? "not met: " : ""}${conditionWords(condition, words)}`;
    return because === "" ? sentence : `${sentence} (${because})`;
  }
  const { of, phrase } = its;
  if (its.kind === "fact") {
    return `${of} is ${participle(outcome === "holds" ? phrase : { ...phrase, isNegated: !phrase.isNegated })}`;
  }
  if (isAbsent) return `${of} has no value`;
  const fact = `${of} is ${valueWords(actual)}`;
  const wanted = participle({ ...phrase, isNegated: false });
  if (outcome === "fails") {
    const why = words.incomparable?.(condition) ?? null;
    if (why !== null) return `${fact}, ${why}`;
  }
  if (outcome === "holds") {
    const met = participle(phrase);
    return fact === `${of} is ${met}` ? fact : `${fact}, ${met}`;
  }
  if (!phrase.isNegated) return `${fact}, not ${wanted}`;
  return fact === `${of} is ${wanted}` ? `${fact}, which is excluded` : `${fact}, ${wanted}`;
}

/** Returns the outcome of a condition for the list of all checks: `orders has no value, but must be above 0`. */
export function checkWords(
  condition: ExplainedCondition,
  words: DialectWords,
  attributes: JsonObject,
): string {
  const { actual, attribute, operator, outcome, problem } = condition;
  if (problem !== null) {
    return attribute === "" ? problem : `${attribute} ${operator}: ${problem}`;
  }
  if (outcome === "not-reached") return conditionWords(condition, words);
  const fact = factWords(condition, words, attributes);
  const its = words.ofCondition(condition);
  const isAbsent = actual === undefined || actual === null;
  if (its?.kind !== "value" || !isAbsent || outcome !== "fails") return fact;
  const { isNegated, rest, verb } = its.phrase;
  // A condition such as "not one of" may need a value.
  if (isNegated) return `${fact}, but must have one that ${predicate(its.phrase)}`;
  return `${fact}, but must ${verb} ${rest}`;
}

function participle({ isNegated, rest, verb }: Phrase): string {
  return `${isNegated ? "not " : ""}${verb === "be" ? "" : `${verb}ing `}${rest}`;
}

function valueFact(of: string, value: unknown): string {
  return value === undefined || value === null
    ? `${of} has no value`
    : `${of} is ${valueWords(value)}`;
}

/** @param path - names separated by dots. */
function valueAt(attributes: JsonObject, path: string): unknown {
  let value: unknown = attributes;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    if (!Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
