import type { ActionCoefficients, BanditModel } from "./coefficients.js";
import type { Reading } from "./reading.js";
import {
  type CategoricalTerms,
  categoricalSum,
  categoricalTerms,
  type NumericTerms,
  numericSum,
  numericTerms,
} from "./terms.js";

export interface CompiledModel {
  readonly gamma: number;
  readonly actionProbabilityFloor: number;
  readonly defaultActionScore: number;
  /** Row of each action's coefficients. */
  readonly rows: ReadonlyMap<string, number>;
  readonly intercepts: Float64Array;
  readonly subjectNumeric: NumericTerms;
  readonly subjectCategorical: CategoricalTerms;
  readonly actionNumeric: NumericTerms;
  readonly actionCategorical: CategoricalTerms;
}

/** Compiles the coefficients of a model into arrays for scoring. */
export function compileModel(model: BanditModel): CompiledModel {
  const rows = new Map<string, number>();
  const actions: ActionCoefficients[] = [];
  for (const [actionKey, action] of model.coefficients) {
    rows.set(actionKey, actions.push(action) - 1);
  }
  return {
    gamma: model.gamma,
    actionProbabilityFloor: model.actionProbabilityFloor,
    defaultActionScore: model.defaultActionScore,
    rows,
    intercepts: Float64Array.from(actions, ({ intercept }) => intercept),
    subjectNumeric: numericTerms(actions.map((it) => it.subjectNumericCoefficients)),
    subjectCategorical: categoricalTerms(actions.map((it) => it.subjectCategoricalCoefficients)),
    actionNumeric: numericTerms(actions.map((it) => it.actionNumericCoefficients)),
    actionCategorical: categoricalTerms(actions.map((it) => it.actionCategoricalCoefficients)),
  };
}

/**
 * Returns the score of an action. Each group is summed separately and then added, in this order, because the result of
 * floating-point addition depends on the order.
 *
 * @param subject - reads attributes by the model's subject vocabularies.
 * @param action - reads attributes by the model's action vocabularies.
 * @throws any error from converting an attribute to a string.
 */
export function score(
  model: CompiledModel,
  actionKey: string,
  subject: Reading,
  action: Reading,
): number {
  const row = model.rows.get(actionKey);
  if (row === undefined) return model.defaultActionScore;
  let sum = model.intercepts[row] as number; // each row has an intercept
  sum += numericSum(model.subjectNumeric, row, subject);
  sum += categoricalSum(model.subjectCategorical, row, subject);
  sum += numericSum(model.actionNumeric, row, action);
  sum += categoricalSum(model.actionCategorical, row, action);
  return sum;
}
