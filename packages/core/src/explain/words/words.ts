import type { ConditionDescription } from "../description.js";
import type { ExplainedAllocation, ExplainedCondition } from "../explanation.js";
import { valueWords } from "./value-words.js";

/** How a dialect speaks about its flags. It has no words of its own for outcomes: core makes the sentences. */
export interface DialectWords {
  /** The vendor's term for an allocation: `condition set`. */
  readonly noun: string;
  /** The vendor's term for a flag. Default: `flag`. */
  readonly flagNoun?: string;
  /** What subjects get if no allocation assigns a variation. Default: `your code's default value`. */
  readonly otherwise?: Otherwise;
  /** Whether flags return the keys of variations, whose values are payloads. Default: they return values. */
  readonly returnsKeys?: boolean;
  /** Whether shards have decimal places. Default: no. */
  readonly hasDecimalShards?: boolean;
  /** Returns an allocation's name, or `null` if the vendor only numbers it. */
  nameOf(key: string, index: number): string | null;
  /** Returns the number of an allocation without a name. Default: its index, plus one. */
  numberOf?(key: string, index: number): number;
  /** Returns why a flag is undecided although no attribute is missing. */
  undecided?(allocations: readonly ExplainedAllocation[]): string;
  /** Whether an allocation describes the flag's default value. Default: none does. */
  isDefault?(allocation: { readonly key: string; readonly rules: readonly unknown[] }): boolean;
  /** Returns the parts of a condition's sentence; `null`: it is shown in the vendor's notation. */
  ofCondition(condition: ConditionDescription): ConditionWords | null;
  /** Returns why a value could not be compared, such as `which is not a number`. Default: every value can be. */
  incomparable?(condition: ExplainedCondition): string | null;
}

/** What subjects get if no allocation assigns a variation. */
export interface Otherwise {
  readonly words: string;
  /** The value that the vendor returns. Absent: the caller's code decides. */
  readonly value?: unknown;
}

/** The parts of a condition's sentence. */
export type ConditionWords =
  /** Compares the value of an attribute: `country` with `one of DE, FR`. */
  | { readonly kind: "value"; readonly of: string; readonly phrase: Phrase }
  /** Tests something that has no value to show: `the subject` with `in cohort 7`. */
  | { readonly kind: "fact"; readonly of: string; readonly phrase: Phrase }
  /** Tests whether an attribute has a value. */
  | { readonly kind: "presence"; readonly of: string; readonly isWanted: boolean }
  /** A sentence of several tests, and the attributes that it reads. */
  | { readonly kind: "group"; readonly sentence: string; readonly reads: readonly string[] };

/** The words after an attribute: `is not one of DE, FR`, `does not contain DE`. */
export interface Phrase {
  readonly isNegated: boolean;
  readonly verb: "be" | "contain" | "end" | "match" | "start";
  /** The words after the verb: `one of DE, FR`. */
  readonly rest: string;
}

/**
 * Makes a phrase of an operator's words and the value that it compares with. `one of` and `all of` are left out before a
 * single value.
 *
 * @param operator - the words after "is", such as `not one of` or `not containing`.
 */
export function phrase(operator: string, expected: unknown): Phrase {
  const isSingle = !Array.isArray(expected) || expected.length === 1;
  return fixedPhrase(
    isSingle ? operator.replace(/ ?(?:one|all) of$/, "") : operator,
    valueWords(expected),
  );
}

/** Makes a phrase of an operator's words and of words for its value. */
export function fixedPhrase(operator: string, value: string): Phrase {
  const [, not, verb = null, rest = ""] =
    /^(not(?: |$))?(?:(contain|end|match|start)ing(?: |$))?(.*)$/.exec(operator) ?? [];
  return {
    isNegated: not !== undefined,
    verb: (verb as Phrase["verb"] | null) ?? "be",
    rest: /[~^]$/.test(rest) || rest === "" ? rest + value : `${rest} ${value}`,
  };
}

/** Shows conditions in the vendor's notation: for a dialect without words. */
export const PLAIN_WORDS: DialectWords = {
  noun: "allocation",
  nameOf: (key) => key,
  ofCondition: () => null,
};
