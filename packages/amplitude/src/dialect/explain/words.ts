import { type DialectWords, fixedPhrase, phrase, valueWords } from "@sortition/core/dialect";
import { USER_FIELDS } from "../user.js";

/** The words after "is". */
const OPERATORS: Readonly<Record<string, string>> = {
  ...{ is: "one of", "is not": "not one of" },
  ...{ contains: "containing one of", "does not contain": "not containing one of", less: "below" },
  ...{ "less or equal": "at most", greater: "above", "greater or equal": "at least" },
  ...{ "version less": "below version", "version less or equal": "at most version" },
  ...{ "version greater": "above version", "version greater or equal": "at least version" },
  ...{ "regex match": "matching", "regex does not match": "not matching" },
  ...{ "glob match": "matching", "glob does not match": "not matching" },
  ...{ "set is": "exactly", "set is not": "not exactly", "set contains": "containing all of" },
  ...{ "set does not contain": "not containing all of", "set contains any": "containing one of" },
  ...{ "set does not contain any": "not containing one of" },
};

/** The words of Amplitude's dialect. */
export const AMPLITUDE_WORDS: DialectWords = {
  noun: "segment",
  nameOf: (key, index) => (key === `${index}` ? null : key),
  ofCondition({ attribute, expected, operator }) {
    const of = nameOf(attribute);
    if (/^(?:user|groups\.[^.]+)\.cohort_ids$/.test(attribute)) {
      const isOne = !Array.isArray(expected) || expected.length < 2;
      const not = operator.includes("not") ? "not " : "";
      const ids = valueWords(expected).replaceAll('"', "");
      const cohort = fixedPhrase(`${not}in ${isOne ? "cohort" : "one of the cohorts"}`, ids);
      return { kind: "fact", of, phrase: cohort };
    }
    const words = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
    if (words === undefined || of === "") return null;
    return { kind: "value", of, phrase: phrase(words, expected) };
  },
};

/** Names what a condition tests, if possible as users enter it: `plan` for `user.user_properties.plan`. */
function nameOf(attribute: string): string {
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
