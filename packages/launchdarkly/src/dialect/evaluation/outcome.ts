import type { Evaluation, ExposureBase, How } from "@sortition/core/dialect";
import type { LaunchdarklyReason } from "./reason.js";

/** A possible result of a flag. It is shared by all calls that it decides. */
export interface Outcome {
  readonly reason: LaunchdarklyReason;
  /** `null`: no variation, so the caller gets the default. */
  readonly variationIndex: number | null;
  /** The evaluation, or why there is none, which is thrown for the requested flag. */
  readonly evaluation: Evaluation | null;
  readonly exposure: ExposureBase | null;
  /** Why the flag is malformed. Empty if it is not. */
  readonly problem: string;
}

/** A part of a flag that decides it. */
export interface Part {
  readonly allocation: string;
  readonly reason: LaunchdarklyReason;
  readonly how: How | "disabled";
  /** Whether the vendor's SDK sends an event for it. */
  readonly isTracked: boolean;
}

/** Creates the outcome of a malformed flag. */
export function malformed(problem: string): Outcome {
  return {
    reason: { kind: "ERROR", errorKind: "MALFORMED_FLAG" },
    variationIndex: null,
    evaluation: null,
    exposure: null,
    problem,
  };
}

const NO_EXTRA_LOGGING: ExposureBase["extraLogging"] = {};

/** Creates the outcomes of one flag. */
export class Outcomes {
  readonly #flagKey: string;
  readonly #variations: readonly unknown[];
  /** JSON of the variations by index, because many parts of a flag may give the same large one. */
  readonly #json = new Map<number, string | null>();

  constructor(flagKey: string, variations: readonly unknown[]) {
    this.#flagKey = flagKey;
    this.#variations = variations;
  }

  /** Returns the outcome of a part with this variation, whose index is as received. */
  of(index: unknown, part: Part): Outcome {
    const isValid = typeof index === "number" && Object.hasOwn(this.#variations, index);
    if (!isValid) {
      const suffix = typeof index === "number" ? ` ${index}` : "";
      return malformed(`has no variation${suffix}`);
    }
    const { allocation, how, isTracked, reason } = part;
    const variation = String(index);
    const exposure = isTracked ? this.#exposure(variation, part) : null;
    const json = this.#jsonAt(index);
    const value = json === null ? this.#variations[index] : null;
    const evaluation = Object.freeze({
      ...({ kind: "assigned", reason: how, value, json, variation, allocation, exposure } as const),
    });
    return { reason, variationIndex: index, evaluation, exposure, problem: "" };
  }

  /** Returns the outcome of a part that has no variation. */
  none(reason: LaunchdarklyReason): Outcome {
    const evaluation = { kind: "default", reason: "disabled" } as const;
    return { reason, variationIndex: null, evaluation, exposure: null, problem: "" };
  }

  #jsonAt(index: number): string | null {
    const known = this.#json.get(index);
    if (known !== undefined) return known;
    const json = jsonOf(this.#variations[index]);
    this.#json.set(index, json);
    return json;
  }

  #exposure(variation: string, { allocation, reason }: Part): ExposureBase {
    return {
      experiment: null,
      featureFlag: this.#flagKey,
      allocation,
      variation,
      extraLogging: NO_EXTRA_LOGGING,
      eventFields: { inExperiment: "inExperiment" in reason },
    };
  }
}

/** Returns the JSON of an object or a list, which is parsed again for each caller. */
export function jsonOf(value: unknown): string | null {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : null;
}
