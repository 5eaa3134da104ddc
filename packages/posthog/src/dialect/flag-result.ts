import type { Evaluation, ExposureBase, How, ValueType } from "@sortition/core/dialect";
import { jsonText } from "./json-text.js";
import { parsedOr } from "./parsed-or.js";

/** Value of a flag: off, on, or the key of a variant. */
export type FlagValue = boolean | string;

/** What decided: the index of a condition, or the holdout. `null`: the flag is off. */
export type DecidedBy = number | "holdout" | null;

const ABSENT: Evaluation = { kind: "default", reason: "no-allocation" };

/** Reads a payload as the vendor does: a string is parsed, unless it is not JSON. `undefined`: there is none. */
export function readPayload(raw: unknown): unknown {
  return raw ? (parsedOr(raw) ?? undefined) : undefined;
}

/** One possible result of a flag. Made when it first occurs, and shared by all calls. */
export class FlagResult {
  readonly value: FlagValue;
  readonly decidedBy: DecidedBy;
  /** `undefined`: there is none, or it is an object, which has only a JSON text. */
  readonly #plainPayload: unknown;
  readonly #payloadJson: string | null = null;
  readonly #boolean: Evaluation;
  readonly #string: Evaluation;
  readonly #payload: Evaluation;
  readonly #any: Evaluation;

  /**
   * @param how - how what decided assigns.
   * @param rawPayload - as the definition has it.
   * @param isLogged - whether assignments are reported as exposures.
   */
  constructor(
    flagKey: string,
    value: FlagValue,
    decidedBy: DecidedBy,
    how: How,
    rawPayload: unknown,
    isLogged: boolean,
  ) {
    this.value = value;
    this.decidedBy = decidedBy;
    const variation = value === false ? null : String(value);
    const allocation = typeof decidedBy === "number" ? `condition-${decidedBy}` : decidedBy;
    // Whom a roll-out leaves out is its control group: `false` is an exposure, as with the vendor.
    const arm = { allocation, variation: String(value), extraLogging: {} };
    const exposure: ExposureBase | null = isLogged
      ? { experiment: flagKey, featureFlag: flagKey, ...arm }
      : null;
    const assigned = (it: unknown, json: string | null = null): Evaluation =>
      Object.freeze({ kind: "assigned", how, value: it, json, variation, allocation, exposure });
    this.#boolean = assigned(value !== false);
    this.#any = assigned(value);
    this.#string = typeof value === "string" ? this.#any : ABSENT;
    const payload = value === false ? undefined : readPayload(rawPayload);
    if (payload === undefined) this.#payload = ABSENT;
    else if (typeof payload === "object") {
      this.#payloadJson = typeof rawPayload === "string" ? rawPayload : jsonText(payload);
      this.#payload = assigned(null, this.#payloadJson);
    } else {
      this.#plainPayload = payload;
      this.#payload = assigned(payload);
    }
  }

  /** The payload, a new value for each caller; `undefined`: there is none. */
  get payload(): unknown {
    return this.#payloadJson === null ? this.#plainPayload : JSON.parse(this.#payloadJson);
  }

  /** What a getter of this type returns; `null`: the value itself. */
  as(type: ValueType | null): Evaluation {
    switch (type) {
      case "boolean":
        return this.#boolean;
      case "string":
        return this.#string;
      case null:
        return this.#any;
      default:
        return this.#payload;
    }
  }
}
