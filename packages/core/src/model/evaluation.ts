import type { EvaluationError } from "../errors/errors.js";
import type { ExposureBase } from "./exposure.js";

/**
 * Why nothing was assigned although nothing failed. `disabled`: the flag is off for all subjects, or its prerequisite
 * blocks it. `cycle`: its prerequisites form a cycle. `no-allocation`: no allocation applies to the subject.
 * `unresolved`: the configuration and the attributes do not decide it.
 */
export type DefaultReason =
  | "disabled"
  | "cycle"
  | "no-allocation"
  | "flag-not-found"
  | "not-initialized"
  | "unresolved";

/**
 * How an allocation chooses its subjects. The first match applies. `rule`: by conditions, even if it also splits.
 * `split`: only by shares. `static`: it takes all subjects, and no allocation precedes it. `fallthrough`: it takes all
 * subjects after other allocations.
 */
export type How = "rule" | "split" | "fallthrough" | "static";

/**
 * Why a call returned its value, the same for all dialects.
 *
 * - `rule`, `split`, `fallthrough`, `static`: how the allocation chose the subject. `rule`: by conditions, even if it
 *   also splits. `split`: only by shares. `static`: it takes all subjects, and no allocation precedes it. `fallthrough`:
 *   it takes all subjects after other allocations.
 * - `override`: an override replaced the evaluation.
 * - `assigned`: a value was assigned, but it is not known how.
 * - `disabled`: the flag is off for all subjects, or its prerequisite blocks it. A vendor may assign a value to a flag
 *   that is off, see `isDefault`.
 * - `cycle`: the flag's prerequisites form a cycle.
 * - `no-allocation`: no allocation applies to the subject.
 * - `flag-not-found`, `not-initialized`: there is no such flag, or no configuration yet.
 * - `unresolved`: the configuration and the attributes do not decide it.
 * - `error`: the evaluation failed, see `errorCode`.
 */
export type EvaluationReason = How | "override" | "assigned" | DefaultReason | "error";

/** A variation was assigned to the subject. */
export interface Assigned<T = unknown> {
  readonly kind: "assigned";
  /** How the allocation assigns, which is known when the flag is compiled, or `disabled` for a flag that is off. */
  readonly reason: How | "disabled";
  /** The value. Ignored if `json` is a string. */
  readonly value: T;
  /** The value as well-formed JSON, which is parsed for each caller. `null`: `value` is used. */
  readonly json: string | null;
  readonly variation: string | null;
  readonly allocation: string | null;
  /** The exposure to log, or `null`. */
  readonly exposure: ExposureBase | null;
}

/** Nothing was assigned, so the getter returns the default value. */
export interface Defaulted {
  readonly kind: "default";
  readonly reason: DefaultReason;
}

/** The evaluation failed. It may still have an exposure, because Eppo logs values of the wrong type. */
export interface Failed {
  readonly kind: "error";
  readonly error: EvaluationError;
  readonly exposure: ExposureBase | null;
}

/** Outcome of evaluating a flag. Shared and frozen where possible. */
export type Evaluation<T = unknown> = Assigned<T> | Defaulted | Failed;
