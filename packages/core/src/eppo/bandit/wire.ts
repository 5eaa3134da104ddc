import type { Decoded } from "../../conditions/decode.js";

/** One variation of a flag behind which a bandit chooses. */
export interface BanditVariation {
  /** Key of the bandit; empty if the payload does not say, and then there is none. */
  readonly key: string;
  readonly flagKey: string;
  /** A text normally; compared as it is. */
  readonly variationValue: unknown;
}

/** A bandit that flags refer to. */
export interface BanditReference {
  readonly banditKey: string;
  /** The version of the model that the flags were published with; `null`: not told. */
  readonly modelVersion: string | null;
  readonly flagVariations: readonly BanditVariation[];
  /** Where the payload says so. */
  readonly path: string;
}

/** How one numeric attribute counts. */
export interface NumericCoefficient {
  readonly attributeKey: string;
  readonly coefficient: number;
  readonly missingValueCoefficient: number;
}

/** How the values of one categorical attribute count. */
export interface CategoricalCoefficient {
  readonly attributeKey: string;
  readonly valueCoefficients: ReadonlyMap<string, number>;
  readonly missingValueCoefficient: number;
}

/** What makes the score of one action. */
export interface ActionCoefficients {
  readonly actionKey: string;
  readonly intercept: number;
  readonly subjectNumericCoefficients: readonly NumericCoefficient[];
  readonly subjectCategoricalCoefficients: readonly CategoricalCoefficient[];
  readonly actionNumericCoefficients: readonly NumericCoefficient[];
  readonly actionCategoricalCoefficients: readonly CategoricalCoefficient[];
}

/** A bandit's model. */
export interface BanditModel {
  /** The key inside the model, which may differ from the one it is found by. */
  readonly banditKey: string;
  readonly modelVersion: string;
  readonly gamma: number;
  readonly defaultActionScore: number;
  readonly actionProbabilityFloor: number;
  /** By action; malformed ones fail whoever scores that action. */
  readonly coefficients: ReadonlyMap<string, Decoded<ActionCoefficients>>;
}
