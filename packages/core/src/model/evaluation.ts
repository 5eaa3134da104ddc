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
 * How the allocation of an assignment chooses its subjects, the first that fits: by conditions, whether or
 * not it also splits; by shares alone; not at all and nothing precedes it (`static`), else `fallthrough`.
 */
export type How = "rule" | "split" | "fallthrough" | "static";

/**
 * A fact that neither reason nor value shows. `disabled`: the flag is off for everybody, or its prerequisite blocks it.
 * `cycle`: its prerequisites form a cycle.
 */
export type EvaluationNote = "disabled" | "cycle";

/** A variation was assigned to the subject. */
export interface Assigned<T = unknown> {
  readonly kind: "assigned";
  /** Known when the flag is compiled. */
  readonly how: How;
  /** The value; ignored if `json` is a string. */
  readonly value: T;
  /** The value as well-formed JSON, which is parsed for each caller; `null`: see `value`. */
  readonly json: string | null;
  readonly variation: string | null;
  readonly allocation: string | null;
  /** `null` if this assignment is not to be logged. */
  readonly exposure: ExposureBase | null;
  /** Absent: none. */
  readonly note?: EvaluationNote | undefined;
}

/** Nothing was assigned: the getter returns the default value. */
export interface Defaulted {
  readonly kind: "default";
  readonly reason: DefaultReason;
  /** Absent: none. */
  readonly note?: EvaluationNote | undefined;
}

/** The evaluation failed. It may have an exposure: Eppo logs a value of the wrong type. */
export interface Failed {
  readonly kind: "error";
  readonly error: EvaluationError;
  readonly exposure: ExposureBase | null;
}

/** Outcome of evaluating a flag: exactly one of three. Shared and frozen where possible. */
export type Evaluation<T = unknown> = Assigned<T> | Defaulted | Failed;
