import { type DialectWords, phrase } from "../../explain/words/words.js";

/** The words after "is". */
const OPERATORS: Readonly<Record<string, string>> = {
  ...{ ONE_OF: "one of", NOT_ONE_OF: "not one of", MATCHES: "matching" },
  ...{ NOT_MATCHES: "not matching", GT: "above", GTE: "at least", LT: "below", LTE: "at most" },
  ...{ SEMVER_EQ: "version", SEMVER_NEQ: "not version", SEMVER_GT: "above version" },
  ...{ SEMVER_GTE: "at least version", SEMVER_LT: "below version", SEMVER_LTE: "at most version" },
};

/** How the reasons for the outcomes of conditions end if a value could not be compared. */
const INCOMPARABLE = /(?:is not a (?:number|version)|cannot be compared with strings)$/;

/** The words of Eppo's dialect, and of Datadog's. */
export const EPPO_WORDS: DialectWords = {
  noun: "allocation",
  nameOf: (key) => key,
  ofCondition({ attribute: of, expected, operator }) {
    if (operator === "IS_NULL") return { kind: "presence", of, isWanted: expected !== true };
    const words = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
    return words === undefined ? null : { kind: "value", of, phrase: phrase(words, expected) };
  },
  incomparable({ reason }) {
    const [why] = INCOMPARABLE.exec(reason) ?? [];
    if (why === undefined) return null;
    return reason.startsWith("the condition's value") ? `but ${reason}` : `which ${why}`;
  },
};
