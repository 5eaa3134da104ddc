import type { Attributes } from "../model/attributes.js";
import type { Outcome } from "./outcome.js";
import { type ShadowMap, SideNames } from "./shadow-map.js";
import type { ShadowCall, Side } from "./side.js";

/** A call of a getter, as a candidate that is a function receives it: with the names of the map. */
export interface CandidateRequest {
  readonly flagKey: string;
  readonly subjectKey: string;
  readonly attributes: Attributes;
  /** Type of the getter; `null`: any. */
  readonly type: ShadowCall["type"];
  readonly defaultValue: unknown;
}

/** What a candidate that is a function returns. */
export interface CandidateResult {
  /** `undefined`: the candidate has no such flag. */
  readonly value: unknown;
  readonly variation?: string | null | undefined;
}

/** Evaluates flags by another vendor's SDK. It should have no effects unless it serves. A promise can only be compared. */
export type CandidateFunction = (
  request: CandidateRequest,
) => CandidateResult | PromiseLike<CandidateResult>;

/** A function as the candidate of a shadow. */
export class FunctionSide implements Side {
  readonly names: SideNames;
  readonly #candidate: CandidateFunction;
  #isAsynchronous = false;

  constructor(candidate: CandidateFunction, map: ShadowMap | undefined) {
    this.names = new SideNames(map);
    this.#candidate = candidate;
  }

  /** Whether it has returned a promise. */
  get isAsynchronous(): boolean {
    return this.#isAsynchronous;
  }

  compare(call: ShadowCall): Outcome | PromiseLike<Outcome> {
    const { attributes, defaultValue, flagKey, subjectKey, type } = call;
    const key = this.names.flagKey(flagKey);
    if (key === null) return this.#outcomeOf(call, undefined);
    const result = this.#candidate({
      flagKey: key,
      subjectKey: this.names.subjectKey(subjectKey, attributes),
      attributes: this.names.attributes(attributes) ?? {},
      type,
      defaultValue,
    });
    if (!isPromise(result)) return this.#outcomeOf(call, result);
    this.#isAsynchronous = true;
    return result.then((it) => this.#outcomeOf(call, it));
  }

  #outcomeOf(call: ShadowCall, result: CandidateResult | undefined): Outcome {
    const { value, variation = null } = result ?? { value: undefined };
    const common = { variation, allocation: null, how: null };
    if (value === undefined) {
      return { ...common, value: call.defaultValue, reason: "flag-not-found" };
    }
    return { ...common, value: this.names.value(call.flagKey, value), reason: "assigned" };
  }
}

function isPromise(result: unknown): result is PromiseLike<CandidateResult> {
  return typeof (result as { readonly then?: unknown } | null | undefined)?.then === "function";
}
