import type { Configuration } from "./configuration.js";
import type { ExposureBase } from "./exposure.js";
import type { ValueType } from "./flag.js";
import type { Trace } from "./trace.js";

/**
 * What one evaluation may see besides its subject. It is valid during the call only: a dialect must
 * not keep it. Flags that a flag depends on are evaluated with the same scope.
 */
export interface Scope<Extras = unknown> {
  /** Wall clock, epoch ms. Read at most once: later calls return the same time. */
  nowMs(): number;
  /** The configuration of the whole call: shared parts, other flags. */
  readonly configuration: Configuration<Extras>;
  /** Present if details are wanted; created by the dialect of the configuration. */
  readonly trace: Trace | null;
  /**
   * Type of the getter that was called. A flag whose `valueType` is `null` may return a different value
   * for each. `null`: the caller accepts any type.
   */
  readonly expectedType: ValueType | null;
  /** Whether the caller passed no subject key, so that the subject's is `""`. Absent: it has one. */
  readonly isKeyless?: boolean;
  /**
   * A map that lives as long as the call: results of dependencies, flags being evaluated (cycles). It is
   * created by the first request. Use keys of your own, such as a symbol or a flag's key.
   */
  memo(): Map<unknown, unknown>;
  /**
   * Reports an exposure met on the way, e.g. that of a prerequisite. When the evaluation ends, the client
   * logs all of them in this order, before the flag's own exposure, and deduplicates each. They are logged
   * whatever the evaluation returns: a default, an error, a value that does not fit the getter.
   * `featureFlag` should be set: `null` stands for the requested flag.
   */
  expose(exposure: ExposureBase): void;
  /**
   * Tells by what a subject without a key was hashed: it is the subject of the flag's own exposure, and of
   * those that are met from now on. Without it they are not logged.
   */
  hashedBy(value: unknown): void;
  /**
   * Reports that the flag hashes an attribute for which the subject has no value, so that the subject gets no variation. The
   * client warns once per flag, unless the attribute is there and empty. Absent: the caller does not collect mistakes.
   *
   * @param flagKey - the flag that hashes it, which may be one that the requested flag depends on.
   */
  unhashed?(attribute: string, flagKey: string): void;
  /** What a drop-in passes besides attributes, typed by the dialect; `null` from the typed getters. */
  readonly extras: Extras | null;
}
