import type { Experiment, Result } from "../../wire.js";

/** An experiment and its result, as callbacks get them. */
export interface Outcome {
  readonly experiment: Experiment<unknown>;
  readonly result: Result<unknown>;
}

/** What an experiment resulted in for one user, as observers get it. */
export interface ObservedOutcome {
  readonly experimentKey: string;
  /** See {@link exposureKeyOf}. */
  readonly exposureKey: string;
  /** The vendor's objects, always the same ones. Callers may keep and change them. */
  readonly made: Outcome;
  /** True if no caller has read {@link made} and the other outcome would be equal: this one can then replace it. */
  canReplace(other: ObservedOutcome): boolean;
}

/** Identifies an exposure. The vendor concatenates without separators, and its deferred calls show that. */
export function exposureKeyOf({ experiment, result }: Outcome): string {
  return result.hashAttribute + result.hashValue + experiment.key + result.variationId;
}

/** An outcome that exists already: of a server, or of an experiment that the caller wrote. */
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
