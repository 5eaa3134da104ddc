import type { Configuration } from "../model/configuration.js";
import type { AllocationReads } from "./allocation-reads.js";
import type { AttributeNames } from "./attribute-names.js";
import type { BanditDescription, FlagDescription, HashedUnit } from "./description.js";
import type { Explanation } from "./explanation.js";
import type { EvaluateExplained, FlagAnswer, FlagQuestion } from "./flag-answer.js";
import type { FlagGetter } from "./flag-getter.js";
import type { UnitSubject } from "./unit-value.js";
import type { DialectWords } from "./words/words.js";

/** A configuration whose evaluations are observed. */
export interface ExplainingConfiguration {
  /** Evaluates exactly like the original. Use it in a separate client. */
  readonly configuration: Configuration;
  /** Explains the last call of a details getter. `null` before the first call. */
  explanation(): Explanation | null;
}

/**
 * Describes the configurations of one dialect and explains their evaluations. It is not part of `Dialect`,
 * so that applications that do not use it need not include it.
 */
export interface Explainer {
  /** How the dialect speaks about its flags. */
  readonly words: DialectWords;
  /** How its rules name attributes. */
  readonly attributes: AttributeNames;
  /**
   * Options of `sortition explain` for attributes that the vendor's SDK takes separately, such as `groups` for
   * `$groups`. Default: none.
   */
  readonly commandOptions?: ReadonlyMap<string, string>;
  /**
   * Describes a flag, including a broken or disabled one.
   *
   * @param flagKey - one of `configuration.flagKeys`.
   */
  describe(configuration: Configuration, flagKey: string): FlagDescription;
  /**
   * Returns the typed getters that have values for a flag. All other getters always return their default.
   *
   * @param flagKey - one of `configuration.flagKeys`.
   * @param nowMs - windows that ended before this time are ignored. Default: no window is ignored.
   */
  gettersOf(configuration: Configuration, flagKey: string, nowMs?: number): readonly FlagGetter[];
  /**
   * Returns the payload's default value for callers of a flag, or `undefined`. Absent: payloads contain no default
   * values.
   */
  defaultValueOf?(configuration: Configuration, flagKey: string): unknown;
  /** Returns the keys of flags that are parts of a flag's value, such as parameters. Default: none. */
  parametersOf?(configuration: Configuration, flagKey: string): readonly string[];
  /** Describes the bandits of a configuration. */
  describeBandits(configuration: Configuration): readonly BanditDescription[];
  /**
   * Returns a flag's key in the configuration, which may be a hash. Returns `null` if the flag does not exist.
   *
   * @param flag - key as callers request it, or as in the payload.
   */
  payloadKey(configuration: Configuration, flag: string): string | null;
  /**
   * Returns what each allocation of a flag reads, in their order.
   *
   * @param flagKey - one of `configuration.flagKeys`.
   */
  readsOf(configuration: Configuration, flagKey: string): readonly AllocationReads[];
  /** Returns the value of a unit for a subject, which tells units apart; `null` if the subject lacks it. */
  unitOf(unit: HashedUnit, subject: UnitSubject): string | null;
  /** Returns a subject's attributes with another value of a unit whose attributes are not empty. */
  withUnit(unit: HashedUnit, subject: UnitSubject, value: string): UnitSubject["attributes"];
  /** Returns the same configuration with observers. */
  explaining(configuration: Configuration): ExplainingConfiguration;
  /**
   * Returns the result of the vendor's SDK for a question, with an explanation. Vendors with typed getters use {@link
   * typedAnswer}.
   *
   * @param evaluate - evaluates with a client of the observed configuration. Errors are in the explanation.
   */
  answer(
    configuration: Configuration,
    question: FlagQuestion,
    evaluate: EvaluateExplained,
  ): FlagAnswer;
}
