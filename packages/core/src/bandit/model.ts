import { DecodeError } from "../errors/errors.js";
import type { Attributes } from "../model/attributes.js";
import type {
  ActionCoefficients,
  BanditModel,
  CategoricalCoefficient,
  NumericCoefficient,
} from "./wire.js";

/** Attributes as they are scored. Flat ones stand in both places. */
export interface ScoredAttributes {
  numeric: Attributes;
  categorical: Attributes;
  /** Whether numbers among the categorical ones are numeric, and so missing there. */
  isFlat: boolean;
}

/**
 * Numeric coefficients of all actions of a model, one list behind the other in parallel arrays: those
 * of row `r` are at `starts[r] … starts[r + 1] - 1`.
 */
interface NumericTerms {
  readonly starts: Int32Array;
  readonly names: readonly string[];
  readonly coefficients: Float64Array;
  readonly missing: Float64Array;
}

/** The same for categorical coefficients. */
interface CategoricalTerms {
  readonly starts: Int32Array;
  readonly names: readonly string[];
  readonly values: readonly ReadonlyMap<string, number>[];
  readonly missing: Float64Array;
}

/** A bandit's model, ready to score actions. */
export interface CompiledModel {
  readonly gamma: number;
  readonly actionProbabilityFloor: number;
  readonly defaultActionScore: number;
  /** Row of an action's coefficients, or why they cannot be used. */
  readonly rows: ReadonlyMap<string, number | DecodeError>;
  readonly intercepts: Float64Array;
  readonly subjectNumeric: NumericTerms;
  readonly subjectCategorical: CategoricalTerms;
  readonly actionNumeric: NumericTerms;
  readonly actionCategorical: CategoricalTerms;
}

/** Lays the coefficients of a model out for scoring. */
export function compileModel(model: BanditModel): CompiledModel {
  const rows = new Map<string, number | DecodeError>();
  const actions: ActionCoefficients[] = [];
  for (const [actionKey, action] of model.coefficients) {
    if (action instanceof DecodeError) rows.set(actionKey, action);
    else rows.set(actionKey, actions.push(action) - 1);
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
 * The score of an action. Each group is summed up by itself and then added, in this order: floating
 * point sums depend on it.
 *
 * @throws DecodeError if the action's coefficients are malformed; whatever the text of an attribute
 * throws.
 */
export function score(
  model: CompiledModel,
  actionKey: string,
  subject: Readonly<ScoredAttributes>,
  action: Readonly<ScoredAttributes>,
): number {
  const row = model.rows.get(actionKey);
  if (row === undefined) return model.defaultActionScore;
  if (typeof row !== "number") throw row;
  let sum = model.intercepts[row] as number; // a row has one
  sum += numericSum(model.subjectNumeric, row, subject.numeric);
  sum += categoricalSum(model.subjectCategorical, row, subject);
  sum += numericSum(model.actionNumeric, row, action.numeric);
  sum += categoricalSum(model.actionCategorical, row, action);
  return sum;
}

// Indexed loops, for every coefficient of every action of every call. Indices are within bounds by
// construction: the arrays are parallel, and `starts` has one element more than there are rows.

function numericSum(terms: NumericTerms, row: number, attributes: Attributes): number {
  const { starts, names, coefficients, missing } = terms;
  const end = starts[row + 1] as number;
  let sum = 0;
  for (let i = starts[row] as number; i < end; i++) {
    const value = attributes[names[i] as string];
    sum +=
      typeof value === "number" && Number.isFinite(value)
        ? value * (coefficients[i] as number)
        : (missing[i] as number);
  }
  return sum;
}

function categoricalSum(
  terms: CategoricalTerms,
  row: number,
  { categorical, isFlat }: Readonly<ScoredAttributes>,
): number {
  const { starts, names, values, missing } = terms;
  const end = starts[row + 1] as number;
  let sum = 0;
  for (let i = starts[row] as number; i < end; i++) {
    const name = names[i] as string;
    const value = categorical[name];
    const text = typeof value === "string" ? value : textOf(value, name, categorical, isFlat);
    // An empty text is no category, even where the model has it.
    const coefficient = text === "" ? undefined : values[i]?.get(text);
    sum += coefficient === undefined ? (missing[i] as number) : coefficient;
  }
  return sum;
}

/** Text of a categorical value that is none; empty if it counts as missing. */
function textOf(value: unknown, name: string, owner: Attributes, isFlat: boolean): string {
  switch (typeof value) {
    case "undefined":
      return "";
    case "number":
      return isFlat ? "" : String(value);
    case "boolean":
      return String(value);
    default:
      // Not an attribute, if every object has a member of that name.
      return value === null || !Object.hasOwn(owner, name) ? "" : (value as object).toString();
  }
}

function numericTerms(lists: readonly (readonly NumericCoefficient[])[]): NumericTerms {
  const terms = lists.flat();
  return {
    starts: startsOf(lists),
    names: terms.map(({ attributeKey }) => attributeKey),
    coefficients: Float64Array.from(terms, ({ coefficient }) => coefficient),
    missing: Float64Array.from(terms, (it) => it.missingValueCoefficient),
  };
}

function categoricalTerms(lists: readonly (readonly CategoricalCoefficient[])[]): CategoricalTerms {
  const terms = lists.flat();
  return {
    starts: startsOf(lists),
    names: terms.map(({ attributeKey }) => attributeKey),
    values: terms.map(({ valueCoefficients }) => valueCoefficients),
    missing: Float64Array.from(terms, (it) => it.missingValueCoefficient),
  };
}

function startsOf(lists: readonly (readonly unknown[])[]): Int32Array {
  const starts = new Int32Array(lists.length + 1);
  lists.forEach((list, row) => {
    starts[row + 1] = (starts[row] as number) + list.length;
  });
  return starts;
}
