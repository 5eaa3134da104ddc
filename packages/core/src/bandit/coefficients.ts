/** Effect of a numeric attribute on the score of an action. */
export interface NumericCoefficient {
  readonly attributeKey: string;
  readonly coefficient: number;
  readonly missingValueCoefficient: number;
}

/** Effect of the values of a categorical attribute on the score of an action. */
export interface CategoricalCoefficient {
  readonly attributeKey: string;
  readonly valueCoefficients: ReadonlyMap<string, number>;
  readonly missingValueCoefficient: number;
}

/** Coefficients of one action. */
export interface ActionCoefficients {
  readonly actionKey: string;
  readonly intercept: number;
  readonly subjectNumericCoefficients: readonly NumericCoefficient[];
  readonly subjectCategoricalCoefficients: readonly CategoricalCoefficient[];
  readonly actionNumericCoefficients: readonly NumericCoefficient[];
  readonly actionCategoricalCoefficients: readonly CategoricalCoefficient[];
}

/** A bandit's model: how it scores actions, and how much it explores. */
export interface BanditModel {
  /** The key inside the model, which may differ from the key it is stored under. */
  readonly banditKey: string;
  readonly modelVersion: string;
  readonly gamma: number;
  readonly defaultActionScore: number;
  readonly actionProbabilityFloor: number;
  /** Coefficients by action. */
  readonly coefficients: ReadonlyMap<string, ActionCoefficients>;
}
