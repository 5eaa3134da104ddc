import type { EvaluationError } from "../errors/errors.js";
import type { ExposureBase } from "./exposure.js";

/** Why a caller got the default value although nothing failed. */
export type DefaultReason =
  | "not-initialized"
  | "flag-not-found"
  | "flag-disabled"
  | "no-allocation"
  | "unresolved";

/** A subject got a variation. */
export interface Assigned<T = unknown> {
  readonly kind: "assigned";
  /** The value; meaningless when `json` is a text. */
  readonly value: T;
  /** JSON text of the value, known to be well formed: every caller gets a fresh parse of it. */
  readonly json: string | null;
  readonly variation: string | null;
  readonly allocation: string | null;
  /** `null` if this assignment is not to be logged. */
  readonly exposure: ExposureBase | null;
}

/** Nothing was assigned: the caller's default value holds. */
export interface Defaulted {
  readonly kind: "default";
  readonly reason: DefaultReason;
}

/** The evaluation failed. It may still be an exposure: the vendor logs a wrong-typed value. */
export interface Failed {
  readonly kind: "error";
  readonly error: EvaluationError;
  readonly exposure: ExposureBase | null;
}

/** Outcome of evaluating a flag: exactly one of three. Shared and frozen where possible. */
export type Evaluation<T = unknown> = Assigned<T> | Defaulted | Failed;
