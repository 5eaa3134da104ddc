/** One variation of a flag behind which a bandit chooses. */
export interface BanditVariation {
  readonly flagKey: string;
  readonly variationKey: string;
  readonly variationValue: string;
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
  readonly banditKey: string;
  readonly modelVersion: string;
  readonly gamma: number;
  readonly defaultActionScore: number;
  readonly actionProbabilityFloor: number;
  readonly coefficients: ReadonlyMap<string, ActionCoefficients>;
}
