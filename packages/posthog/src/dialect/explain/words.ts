import { type DialectWords, fixedPhrase, phrase, valueWords } from "@sortition/core/dialect";

/** The words after "is". */
const OPERATORS: Readonly<Record<string, string>> = {
  ...{ exact: "one of", is_not: "not one of", regex: "matching", not_regex: "not matching" },
  ...{ gt: "above", gte: "at least", lt: "below", lte: "at most" },
  ...{ icontains: "containing", not_icontains: "not containing" },
  ...{ starts_with: "starting with", not_starts_with: "not starting with" },
  ...{ ends_with: "ending with", not_ends_with: "not ending with" },
  ...{ is_date_before: "before", is_date_after: "after" },
  ...{ semver_eq: "version", semver_neq: "not version", semver_gt: "above version" },
  ...{ semver_gte: "at least version", semver_lt: "below version", semver_lte: "at most version" },
  ...{ semver_wildcard: "version" },
};

/** Operators of ranges of versions, with their signs. */
const RANGES: Readonly<Record<string, string>> = { semver_tilde: "~", semver_caret: "^" };

/** The words of PostHog's dialect. */
export const POSTHOG_WORDS: DialectWords = {
  noun: "condition set",
  otherwise: { words: "the value", value: false },
  returnsKeys: true,
  hasDecimalShards: true,
  nameOf: (key) => (/^condition-\d+$/.test(key) ? null : key),
  numberOf: (key) => Number(key.slice("condition-".length)) + 1,
  undecided(allocations) {
    const conditions = allocations.flatMap(({ rules }) => rules).flatMap((it) => it.conditions);
    const found = conditions.find(
      ({ operator, outcome }) => outcome === "unknown" && operator === "flag_evaluates_to",
    );
    return found === undefined
      ? "only PostHog's server can decide it"
      : `${found.attribute} has no value`;
  },
  ofCondition({ attribute: of, expected, operator }) {
    switch (operator) {
      case "is_set":
      case "is_not_set":
        return { kind: "presence", of, isWanted: operator === "is_set" };
      case "in":
      case "not_in": {
        const not = operator === "in" ? "" : "not ";
        const cohort = fixedPhrase(`${not}in cohort`, valueWords(expected).replaceAll('"', ""));
        return { kind: "fact", of: "the subject", phrase: cohort };
      }
      case "flag_evaluates_to": {
        const value =
          typeof expected === "boolean"
            ? expected
              ? "enabled"
              : "disabled"
            : valueWords(expected);
        return { kind: "fact", of, phrase: fixedPhrase("", value) };
      }
    }
    if (Object.hasOwn(RANGES, operator)) {
      const version = typeof expected === "string" ? expected : valueWords(expected);
      return { kind: "value", of, phrase: fixedPhrase(`version ${RANGES[operator]}`, version) };
    }
    const words = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
    return words === undefined ? null : { kind: "value", of, phrase: phrase(words, expected) };
  },
};
