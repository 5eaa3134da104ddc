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

export interface NumericCoefficient {
  readonly attributeKey: string;
  readonly coefficient: number;
  readonly missingValueCoefficient: number;
}

export interface CategoricalCoefficient {
  readonly attributeKey: string;
  readonly valueCoefficients: ReadonlyMap<string, number>;
  readonly missingValueCoefficient: number;
}

export interface ActionCoefficients {
  readonly actionKey: string;
  readonly intercept: number;
  readonly subjectNumericCoefficients: readonly NumericCoefficient[];
  readonly subjectCategoricalCoefficients: readonly CategoricalCoefficient[];
  readonly actionNumericCoefficients: readonly NumericCoefficient[];
  readonly actionCategoricalCoefficients: readonly CategoricalCoefficient[];
}

export interface BanditModel {
  /** The key inside the model, which may differ from the one that it is found by. */
  readonly banditKey: string;
  readonly modelVersion: string;
  readonly gamma: number;
  readonly defaultActionScore: number;
  readonly actionProbabilityFloor: number;
  /** By action. */
  readonly coefficients: ReadonlyMap<string, ActionCoefficients>;
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
