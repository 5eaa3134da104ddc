import { isThenable, keyName } from "../errors/guard.js";
import type { Attributes } from "../model/attributes.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import type { Outcome } from "./outcome.js";
import { type ShadowMap, SideNames } from "./shadow-map.js";
import type { ShadowCall, Side } from "./side.js";

/** A getter call as a candidate function receives it, with all names translated by the map. */
export interface CandidateRequest {
  readonly flagKey: string;
  readonly subjectKey: string;
  readonly attributes: Attributes;
  /** Type of the getter, or `null` for any type. */
  readonly type: ShadowCall["type"];
  readonly defaultValue: unknown;
}

/** The result of a candidate function. */
export interface CandidateResult {
  /** `undefined` if the candidate does not have the flag. */
  readonly value: unknown;
  readonly variation?: string | null | undefined;
}

/** Evaluates flags with another vendor's SDK, to compare them. It never serves, and should have no side effects. */
export type CandidateFunction = (
  request: CandidateRequest,
) => CandidateResult | PromiseLike<CandidateResult>;

/** A candidate that is a function. */
export class FunctionSide implements Side {
  readonly names: SideNames;
  readonly #candidate: CandidateFunction;
  readonly #diagnostics: Pick<Diagnostics, "warn">;
  #hasReported = false;

  constructor(
    candidate: CandidateFunction,
    map: ShadowMap | undefined,
    diagnostics: Pick<Diagnostics, "warn">,
  ) {
    this.names = new SideNames(map);
    this.#candidate = candidate;
    this.#diagnostics = diagnostics;
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
    return isThenable(result)
      ? result.then((it) => this.#outcomeOf(call, it))
      : this.#outcomeOf(call, result);
  }

  #outcomeOf(call: ShadowCall, result: CandidateResult | undefined): Outcome {
    if (typeof result !== "object" && result !== undefined) this.#reportOther(call.flagKey, result);
    const { value, variation = null } = result ?? { value: undefined };
    const isDefault = value === undefined;
    return {
      value: isDefault ? call.defaultValue : this.names.value(call.flagKey, value),
      variation,
      allocation: null,
      isDefault,
      isPlaced: false,
      reason: isDefault ? "flag-not-found" : "assigned",
      errorCode: null,
    };
  }

  /** JavaScript may return anything. */
  #reportOther(flagKey: string, result: unknown): void {
    if (this.#hasReported) return;
    this.#hasReported = true;
    const fact = `the candidate returned a ${typeof result}, so flag "${keyName(flagKey)}" is treated as unknown`;
    this.#diagnostics.warn(`${fact}: return { value }`);
  }
}
