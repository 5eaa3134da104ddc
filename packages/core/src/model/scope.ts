import type { Configuration } from "./configuration.js";
import type { ExposureBase } from "./exposure.js";
import type { ValueType } from "./flag.js";
import type { Trace } from "./trace.js";

/**
 * The context of one evaluation. It is only valid during the call, so a dialect must not keep it. Flags on which a flag
 * depends are evaluated with the same scope.
 */
export interface Scope<Extras = unknown> {
  /** Returns the wall clock, epoch ms. It is read at most once, and later calls return the same time. */
  nowMs(): number;
  /** The configuration of the whole call, with shared parts and other flags. */
  readonly configuration: Configuration<Extras>;
  /** Present if details were requested. The configuration's dialect created it. */
  readonly trace: Trace | null;
  /**
   * Type of the called getter. A flag whose `valueType` is `null` may return a different value for each type. `null`:
   * the caller accepts any type.
   */
  readonly expectedType: ValueType | null;
  /** Whether the caller passed no subject key, so that the subject's key is `""`. Default: false. */
  readonly isKeyless?: boolean;
  /**
   * Returns a map that lives as long as the call, e.g. for results of dependencies and for flags being evaluated
   * (cycles). It is created on first use. Use your own keys, such as a symbol or a flag's key.
   */
  memo(): Map<unknown, unknown>;
  /**
   * Reports an exposure of another flag, such as a prerequisite. When the evaluation ends, the client logs these
   * exposures in order, before the flag's own exposure, and deduplicates each. They are logged even if the evaluation
   * returns a default, an error, or a value that does not fit the getter. `featureFlag` should be set, because `null`
   * means the requested flag.
   */
  expose(exposure: ExposureBase): void;
  /**
   * Reports the value by which a subject was hashed. It becomes the subject of the flag's own exposure, and of later calls
   * of `expose`, instead of the caller's subject key. If there is no such key and no value, these exposures are not logged.
   */
  hashedBy(value: unknown): void;
  /**
   * Reports that the flag hashes an attribute for which the subject has no value, so the subject gets no variation. The
   * client warns once per flag, unless the attribute exists and is empty. Absent: the caller does not collect mistakes.
   *
   * @param flagKey - the flag that hashes it, which may be a dependency of the requested flag.
   */
  unhashed?(attribute: string, flagKey: string): void;
  /**
   * Reports that a hash decides: the subject passed the rules of a split that gives different results, and is in its
   * share or not. Absent: nobody tells splits from rules.
   */
  placed?(): void;
  /**
   * Reports that the flag read a part of the subject, such as a kind of context, and that the subject does not say
   * whether it has one. Reads of attributes need not be reported. Absent: nobody checks what subjects lack.
   */
  lacks?(part: string): void;
  /**
   * Reports that the flag needs something that the caller did not provide, such as an attribute. The client warns once
   * per cause and flag. Absent: the caller does not collect mistakes.
   *
   * @param cause - a constant, which diagnostics receive as a fact.
   * @param flagKey - the flag that needs it, which may be a dependency of the requested flag.
   * @param describe - returns the sentence, which names the remedy. Called only if the mistake is reported.
   */
  noteMistake?(cause: string, flagKey: string, describe: () => string): void;
  /** Values that a drop-in passes in addition to attributes, typed by the dialect. `null` for typed getters. */
  readonly extras: Extras | null;
}
