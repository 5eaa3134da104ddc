import type { DecodeError } from "../../errors/errors.js";

/** One variation of a flag behind which a bandit chooses. */
export interface BanditVariation {
  /** Key of the bandit; empty if it is missing: there is no bandit then. */
  readonly key: string;
  readonly flagKey: string;
  /** Normally a string; compared unconverted. */
  readonly variationValue: unknown;
}

/** A bandit that flags refer to. */
export interface BanditReference {
  readonly banditKey: string;
  /** The version of the model that the flags were published with; `null`: unknown. */
  readonly modelVersion: string | null;
  readonly flagVariations: readonly BanditVariation[];
  /** JSON path of the reference. */
  readonly path: string;
}

/** A model with members of the wrong type: its content as received. */
export interface MalformedModel {
  readonly banditKey: string;
  /** Empty if it is not a string. */
  readonly modelVersion: string;
  /** `modelData`, of any type. */
  readonly data: unknown;
  /** The first thing that is wrong. Thrown where an evaluation cannot do with it. */
  readonly failure: DecodeError;
}
