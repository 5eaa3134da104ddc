import type { Attributes } from "../model/attributes.js";
import type { ValueType } from "../model/flag.js";
import type { Outcome } from "./outcome.js";

/** A call of a getter, in the terms of the primary. */
export interface ShadowCall {
  readonly flagKey: string;
  readonly subjectKey: string;
  readonly attributes: Attributes | null | undefined;
  /** `null`: any type. */
  readonly type: ValueType | "number" | null;
  readonly defaultValue: unknown;
}

/** One of the two that a shadow compares. */
export interface Side {
  /** Evaluates without any effect. A promise if the side answers later. May throw. */
  compare(call: ShadowCall): Outcome | PromiseLike<Outcome>;
}
