import type { DecodeError } from "../../errors/errors.js";

/** A variation of a flag that has a bandit behind it. */
export interface BanditVariation {
  /** Key of the bandit. Empty if it is missing, in which case there is no bandit. */
  readonly key: string;
  readonly flagKey: string;
  /** Normally a string. It is compared without conversion. */
  readonly variationValue: unknown;
}

/** A bandit that flags refer to. */
export interface BanditReference {
  readonly banditKey: string;
  /** Version of the model with which the flags were published. `null`: unknown. */
  readonly modelVersion: string | null;
  readonly flagVariations: readonly BanditVariation[];
  /** JSON path of the reference. */
  readonly path: string;
}

/** A model with members of the wrong type, as received. */
export interface MalformedModel {
  readonly banditKey: string;
  /** Empty if it is not a string. */
  readonly modelVersion: string;
  /** `modelData`, of any type. */
  readonly data: unknown;
  /** The first error. It is thrown when an evaluation reaches a part that it cannot use. */
  readonly failure: DecodeError;
}
