import type { Configuration } from "../model/configuration.js";
import type { CompiledFlag } from "../model/flag.js";
import type { BanditDescription, FlagDescription } from "./description.js";
import type { Explanation } from "./explanation.js";
import type { EvaluateExplained, FlagAnswer, FlagQuestion } from "./flag-answer.js";
import type { FlagGetter } from "./flag-getter.js";

/** A configuration whose evaluations are observed. */
export interface ExplainingConfiguration {
  /** Evaluates exactly as the original. Use it in a separate client. */
  readonly configuration: Configuration;
  /** Explains the last call of a details getter; `null` before the first. */
  explanation(): Explanation | null;
}

/**
 * Describes the configurations of one dialect and explains their evaluations. It is not part of `Dialect`,
 * so that applications that do not use it need not include it.
 */
export interface Explainer {
  /**
   * Describes a flag, also a broken or a disabled one.
   *
   * @param flagKey - one of `configuration.flagKeys`.
   */
  describe(configuration: Configuration, flagKey: string): FlagDescription;
  /**
   * The typed getters that have values for a flag: a getter that is not listed always returns its default.
   *
   * @param flagKey - one of `configuration.flagKeys`.
   * @param nowMs - windows that ended before are ignored. Default: no window is ignored.
   */
  gettersOf(configuration: Configuration, flagKey: string, nowMs?: number): readonly FlagGetter[];
  /** The default value that the payload has for callers of a flag; `undefined`: none. Absent: payloads have none. */
  defaultValueOf?(configuration: Configuration, flagKey: string): unknown;
  /** Describes the bandits of a configuration. */
  describeBandits(configuration: Configuration): readonly BanditDescription[];
  /**
   * The key that a configuration has for a flag, such as a hash of it; `null` if there is no such flag.
   *
   * @param flag - as callers request it, or as the payload has it.
   */
  payloadKey(configuration: Configuration, flag: string): string | null;
  /**
   * What a flag hashes: an attribute, a group, a device. Equal texts: the same.
   *
   * @returns `null` if shares do not follow from the ranges of its allocations.
   */
  hashedBy(configuration: Configuration, flag: CompiledFlag): string | null;
  /** The same configuration, observed. */
  explaining(configuration: Configuration): ExplainingConfiguration;
  /**
   * Returns what the vendor's SDK returns for a question, with the explanation. {@link typedAnswer} does so for vendors with
   * typed getters.
   *
   * @param evaluate - evaluates with a client of the observed configuration. Errors are in the explanation.
   */
  answer(
    configuration: Configuration,
    question: FlagQuestion,
    evaluate: EvaluateExplained,
  ): FlagAnswer;
}
