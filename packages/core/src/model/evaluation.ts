import type { EvaluationError } from "../errors/errors.js";
import type { ExposureBase } from "./exposure.js";

/** Why a getter returns the default value although nothing failed. */
export type DefaultReason =
  | "not-initialized"
  | "flag-not-found"
  | "flag-disabled"
  | "no-allocation"
  | "unresolved";

/**
 * How an allocation chooses its subjects. The first match applies. `rule`: by conditions, even if it also splits.
 * `split`: only by shares. `static`: it takes all subjects, and no allocation precedes it. `fallthrough`: it takes all
 * subjects after other allocations.
 */
export type How = "rule" | "split" | "fallthrough" | "static";

/**
 * A fact that neither the reason nor the value shows. `disabled`: the flag is off for all subjects, or its prerequisite
 * blocks it. `cycle`: its prerequisites form a cycle.
 */
export type EvaluationNote = "disabled" | "cycle";

/** A variation was assigned to the subject. */
export interface Assigned<T = unknown> {
  readonly kind: "assigned";
  /** How the allocation assigns. Known when the flag is compiled. */
  readonly how: How;
  /** The value. Ignored if `json` is a string. */
  readonly value: T;
  /** The value as well-formed JSON, which is parsed for each caller. `null`: `value` is used. */
  readonly json: string | null;
  readonly variation: string | null;
  readonly allocation: string | null;
  /** The exposure to log, or `null`. */
  readonly exposure: ExposureBase | null;
  /** A fact that neither the reason nor the value shows, if there is one. */
  readonly note?: EvaluationNote | undefined;
}

/** Nothing was assigned, so the getter returns the default value. */
export interface Defaulted {
  readonly kind: "default";
  readonly reason: DefaultReason;
  /** A fact that neither the reason nor the value shows, if there is one. */
  readonly note?: EvaluationNote | undefined;
}

/** The evaluation failed. It may still have an exposure, because Eppo logs values of the wrong type. */
export interface Failed {
  readonly kind: "error";
  readonly error: EvaluationError;
  readonly exposure: ExposureBase | null;
}

/** Outcome of evaluating a flag. Shared and frozen where possible. */
export type Evaluation<T = unknown> = Assigned<T> | Defaulted | Failed;
