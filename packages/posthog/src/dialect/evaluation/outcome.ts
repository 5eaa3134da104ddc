import type { Evaluation, ExposureBase, How, ValueType } from "@sortition/core/dialect";
import { jsonText } from "./json-text.js";
import { parsedOr } from "./parsed-or.js";

/** Value of a flag: off, on, or the key of a variant. */
export type FlagValue = boolean | string;

/** Key of the allocation that represents a holdout. */
export const HOLDOUT = "holdout";

/** The index of the condition that decided, or the holdout. `null` if the flag is off. */
export type DecidedBy = number | typeof HOLDOUT | null;

const ABSENT: Evaluation = { kind: "default", reason: "no-allocation" };
const ABSENT_DISABLED: Evaluation = { kind: "default", reason: "disabled" };

/** Reads a payload as the vendor does, which parses a string if it is JSON. Returns `undefined` if there is none. */
export function readPayload(raw: unknown): unknown {
  return raw ? (parsedOr(raw) ?? undefined) : undefined;
}

const NO_EXTRA_LOGGING: ExposureBase["extraLogging"] = {};

export interface OutcomeSource {
  readonly flagKey: string;
  /** The payload as in the definition. */
  readonly rawPayload: unknown;
  /** Whether assignments are reported as exposures. */
  readonly isLogged: boolean;
  /** How the condition that decided assigns values. */
  readonly how: How;
  /** Whether the flag is off for all subjects. */
  readonly isDisabled: boolean;
}

/**
 * A possible result of a flag, shared by all calls. It is created when it first occurs. Its evaluation for a type is
 * created when a getter of that type is first called.
 */
export class Outcome {
  readonly value: FlagValue;
  readonly decidedBy: DecidedBy;
  readonly #how: How;
  readonly #isDisabled: boolean;
  readonly #rawPayload: unknown;
  readonly #exposure: ExposureBase | null;
  #boolean: Evaluation | null = null;
  #payload: Evaluation | null = null;
  #any: Evaluation | null = null;

  constructor(value: FlagValue, decidedBy: DecidedBy, source: OutcomeSource) {
    const { flagKey, how, isDisabled, isLogged, rawPayload } = source;
    this.value = value;
    this.decidedBy = decidedBy;
    this.#how = how;
    this.#isDisabled = isDisabled;
    this.#rawPayload = rawPayload;
    // Subjects outside of a rollout are its control group, so their `false` is an exposure, as in the vendor's SDK.
    this.#exposure = isLogged
      ? {
          experiment: flagKey,
          featureFlag: flagKey,
          allocation: decidingAllocation(decidedBy),
          variation: String(value),
          extraLogging: NO_EXTRA_LOGGING,
        }
      : null;
    // A payload that cannot be serialized makes the whole flag fail.
    if (typeof rawPayload === "object") this.#payload = this.#payloadAnswer();
  }

  /** The payload, copied for each caller. `undefined` if there is none. */
  get payload(): unknown {
    const answer = this.as("json");
    if (answer.kind !== "assigned") return undefined;
    return answer.json === null ? answer.value : JSON.parse(answer.json);
  }

  /** Returns the evaluation for getters of this type, or with the value itself for `null`. */
  as(type: ValueType | null): Evaluation {
    switch (type) {
      case "boolean":
        this.#boolean ??= this.#assigned(this.value !== false);
        return this.#boolean;
      case "string":
        // A flag that is on without a variant has a value of another type, which the client reports.
        return this.value === false ? this.#absent : this.#value();
      case null:
        return this.#value();
      default:
        this.#payload ??= this.#payloadAnswer();
        return this.#payload;
    }
  }

  get #absent(): Evaluation {
    return this.#isDisabled ? ABSENT_DISABLED : ABSENT;
  }

  #value(): Evaluation {
    this.#any ??= this.#assigned(this.value);
    return this.#any;
  }

  #payloadAnswer(): Evaluation {
    const raw = this.#rawPayload;
    const payload = this.value === false ? undefined : readPayload(raw);
    if (payload === undefined) return this.#absent;
    if (typeof payload !== "object") return this.#assigned(payload);
    return this.#assigned(null, typeof raw === "string" ? raw : jsonText(payload));
  }

  #assigned(value: unknown, json: string | null = null): Evaluation {
    return Object.freeze({
      kind: "assigned",
      reason: this.#isDisabled ? "disabled" : this.#how,
      value,
      json,
      variation: this.value === false ? null : String(this.value),
      allocation: decidingAllocation(this.decidedBy),
      exposure: this.#exposure,
    });
  }
}

/** Names of the first conditions, so that these strings are not created repeatedly. */
const NAMES: readonly string[] = [
  ...["condition-0", "condition-1", "condition-2", "condition-3"],
  ...["condition-4", "condition-5", "condition-6", "condition-7"],
];

/** Returns the key of the allocation that represents a condition. */
export function allocationOf(condition: number): string {
  return NAMES[condition] ?? `condition-${condition}`;
}

function decidingAllocation(decidedBy: DecidedBy): string | null {
  return typeof decidedBy === "number" ? allocationOf(decidedBy) : decidedBy;
}
