import type { Experiment, Result } from "../../wire.js";

/** An experiment and its result, as passed to callbacks. */
export interface Outcome {
  readonly experiment: Experiment<unknown>;
  readonly result: Result<unknown>;
}

/** The outcome of an experiment for one user, as passed to observers. */
export interface ObservedOutcome {
  readonly experimentKey: string;
  /** See {@link exposureKeyOf}. */
  readonly exposureKey: string;
  /** The vendor's objects. Each read returns the same ones, and callers may keep and change them. */
  readonly made: Outcome;
  /**
   * Returns whether no caller has read {@link made} and the other outcome would be equal, so that this one can replace
   * it.
   */
  canReplace(other: ObservedOutcome): boolean;
}

/** Identifies an exposure. The vendor concatenates without separators, which its deferred calls expose. */
export function exposureKeyOf({ experiment, result }: Outcome): string {
  return result.hashAttribute + result.hashValue + experiment.key + result.variationId;
}

/** An outcome whose objects already exist, from a server or from an experiment in code. */
export class GivenOutcome implements ObservedOutcome {
  constructor(readonly made: Outcome) {}

  get experimentKey(): string {
    return this.made.experiment.key;
  }

  get exposureKey(): string {
    return exposureKeyOf(this.made);
  }

  canReplace(): boolean {
    return false;
  }
}
