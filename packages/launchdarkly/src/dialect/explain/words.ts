import { type DialectWords, fixedPhrase, phrase, valueWords } from "@sortition/core/dialect";
import { IN_SEGMENT, REQUIRES_OTHER } from "./describe.js";

/** The words after "is". */
const OPERATORS: Readonly<Record<string, string>> = {
  ...{ in: "one of", startsWith: "starting with one of", endsWith: "ending with one of" },
  ...{ contains: "containing one of", matches: "matching one of" },
  ...{ lessThan: "below", lessThanOrEqual: "at most" },
  ...{ greaterThan: "above", greaterThanOrEqual: "at least", before: "before", after: "after" },
  ...{ semVerEqual: "version", semVerLessThan: "below version" },
  semVerGreaterThan: "above version",
};

/** The words of LaunchDarkly's dialect. */
export const LAUNCHDARKLY_WORDS: DialectWords = {
  noun: "rule",
  nameOf: (key) => key,
  ofCondition({ attribute, expected, operator }) {
    if (operator === REQUIRES_OTHER) {
      const other = fixedPhrase("not at variation", valueWords(expected));
      return { kind: "fact", of: `flag ${attribute}`, phrase: other };
    }
    const isNegated = operator.startsWith("not ");
    const not = isNegated ? "not " : "";
    const name = isNegated ? operator.slice("not ".length) : operator;
    if (name === IN_SEGMENT) {
      const isOne = !Array.isArray(expected) || expected.length < 2;
      const keys = valueWords(expected).replaceAll('"', "");
      const segments = fixedPhrase(`${not}in ${isOne ? "segment" : "one of the segments"}`, keys);
      return { kind: "fact", of: "the subject", phrase: segments };
    }
    const words = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    return words === undefined
      ? null
      : { kind: "value", of: attribute, phrase: phrase(not + words, expected) };
  },
};
