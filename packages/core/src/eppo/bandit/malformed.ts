import { topOf, weigh } from "../../bandit/weigh.js";
import type { AttributesByKind, ScalarAttributes } from "../../model/attributes.js";
import { contextOfAction, contextual } from "./attributes.js";
import type { Scorer } from "./scorer.js";
import type { MalformedModel } from "./wire.js";

/**
 * Scores with a model that has members of the wrong type, as the vendor's SDK does. JavaScript converts each member
 * that is reached, such as a number in a string, and parts that no evaluation reaches have no effect. The casts below
 * claim numbers and lists for values of any type.
 *
 * The methods throw the model's `DecodeError` if a conversion fails.
 */
export function malformedScorer({ data, failure }: MalformedModel): Scorer {
  const guarded = <T>(compute: () => T): T => {
    try {
      return compute();
    } catch {
      throw failure;
    }
  };
  return {
    scores: (subject, actions) =>
      guarded(() => {
        const context = contextual(subject);
        return actions.names.map((name, i) =>
          scoreOf(data, name, context, contextOfAction(actions, i)),
        );
      }),
    weights: (scores, names) =>
      guarded(() => {
        // Quirk: a best score of `null` fails, although it could be converted to a number (eppo).
        if ((scores[topOf(scores, names)] as number | null) === null) throw failure;
        const [gamma, floor] = [read(data, "gamma"), read(data, "actionProbabilityFloor")];
        return weigh(scores, names, gamma as number, floor as number);
      }),
  };
}

function scoreOf(
  data: unknown,
  name: string,
  subject: AttributesByKind,
  action: AttributesByKind,
): number {
  const of = read(read(data, "coefficients"), name);
  if (!of) return read(data, "defaultActionScore") as number;
  let score = read(of, "intercept") as number;
  score += numeric(read(of, "subjectNumericCoefficients"), subject.numericAttributes);
  score += categorical(read(of, "subjectCategoricalCoefficients"), subject.categoricalAttributes);
  score += numeric(read(of, "actionNumericCoefficients"), action.numericAttributes);
  score += categorical(read(of, "actionCategoricalCoefficients"), action.categoricalAttributes);
  return score;
}

function numeric(terms: unknown, attributes: ScalarAttributes): number {
  return (terms as readonly unknown[]).reduce<number>((sum, term) => {
    const value = read(attributes, read(term, "attributeKey"));
    return typeof value === "number" && Number.isFinite(value)
      ? sum + value * (read(term, "coefficient") as number)
      : sum + (read(term, "missingValueCoefficient") as number);
  }, 0);
}

function categorical(terms: unknown, attributes: ScalarAttributes): number {
  return (terms as readonly unknown[]).reduce<number>((sum, term) => {
    const value = read(attributes, read(term, "attributeKey")) as object | null | undefined;
    const text = value?.toString();
    const known = text && read(read(term, "valueCoefficients"), text);
    return (
      sum + ((typeof known === "number" ? known : read(term, "missingValueCoefficient")) as number)
    );
  }, 0);
}

/**
 * Returns an own member. Like any member access, throws for `null`, `undefined` and keys that cannot be converted to
 * strings.
 */
function read(owner: unknown, key: unknown): unknown {
  const name = key as string; // any member access converts it
  return Object.hasOwn(owner as object, name)
    ? (owner as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
