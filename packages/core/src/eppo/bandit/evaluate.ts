import type { BanditModel } from "../../bandit/coefficients.js";
import { type CompiledModel, compileModel, score } from "../../bandit/model.js";
import { Reading, type ScoredAttributes } from "../../bandit/reading.js";
import { select } from "../../bandit/select.js";
import { topOf, weigh } from "../../bandit/weigh.js";
import { isContextual } from "../../conditions/bandit-subject.js";
import type { AttributesByKind, ScalarAttributes } from "../../model/attributes.js";
import type { BanditSubject, CompiledBandit, WeighedAction } from "../../model/bandit.js";
import type { BanditChoice } from "../../model/exposure.js";
import { type ActionSet, contextOfAction, contextual, readActions } from "./attributes.js";
import { malformedScorer } from "./malformed.js";
import type { Scorer } from "./scorer.js";
import type { MalformedModel } from "./wire.js";

const NO_ATTRIBUTES: ScoredAttributes = { numeric: {}, categorical: {}, isFlat: false };

export function createBandit(received: BanditModel | MalformedModel): CompiledBandit {
  const { banditKey, modelVersion } = received;
  const scorer = "failure" in received ? malformedScorer(received) : scorerOf(received);
  return {
    key: banditKey,
    choose(flagKey, subjectKey, subject, given): BanditChoice | null {
      const actions = readActions(given);
      const { names } = actions;
      if (names.length === 0) return null;
      const scores = scorer.scores(subject, actions);
      const weights = scorer.weights(scores, names);
      const chosen = select(flagKey, subjectKey, names, weights);
      if (chosen === -1) {
        const asked = `flag "${flagKey}" and subject "${subjectKey}"`;
        throw new Error(`No bandit action selected for ${asked}`);
      }
      const action = names[chosen] as string; // the index was just selected
      const context = contextual(subject);
      const actionContext = contextOfAction(actions, chosen);
      return {
        banditKey,
        modelVersion,
        action,
        actionProbability: weights[chosen] as number,
        optimalityGap: highest(scores) - (scores[chosen] as number),
        subjectNumericAttributes: context.numericAttributes,
        subjectCategoricalAttributes: context.categoricalAttributes,
        actionNumericAttributes: actionContext.numericAttributes,
        actionCategoricalAttributes: actionContext.categoricalAttributes,
      };
    },
    weighed(subject, given): readonly WeighedAction[] {
      const actions = readActions(given);
      const { names } = actions;
      if (names.length === 0) return [];
      const scores = scorer.scores(subject, actions);
      const weights = scorer.weights(scores, names);
      // Both lists have one element for each name.
      return names.map((action, i) => ({
        action,
        score: scores[i] as number,
        weight: weights[i] as number,
      }));
    },
    best(subject, given): string | null {
      const actions = readActions(given);
      if (actions.names.length === 0) return null;
      const top = topOf(scorer.scores(subject, actions), actions.names);
      return actions.names[top] as string; // the index of a name
    },
  };
}

function scorerOf(wire: BanditModel): Scorer {
  const model = compileModel(wire);
  return {
    scores: (subject, actions) => scoresOf(model, subject, actions),
    weights: (scores, names) => weigh(scores, names, model.gamma, model.actionProbabilityFloor),
  };
}

function scoresOf(
  model: CompiledModel,
  subject: BanditSubject,
  { names, given, isContextual: areContextual }: ActionSet,
): readonly number[] {
  const { subjectNumeric, subjectCategorical, actionNumeric, actionCategorical } = model;
  const scored = asScored(subject, isContextual(subject));
  const subjectReading = new Reading(
    subjectNumeric.vocabulary,
    subjectCategorical.vocabulary,
    scored,
  );
  const actionReading = new Reading(
    actionNumeric.vocabulary,
    actionCategorical.vocabulary,
    NO_ATTRIBUTES,
  );
  const scores = new Array<number>(names.length);
  for (let i = 0; i < names.length; i++) {
    if (given !== null) actionReading.restart(asScored(given[i] as BanditSubject, areContextual));
    scores[i] = score(model, names[i] as string, subjectReading, actionReading); // i < length
  }
  return scores;
}

function asScored(given: BanditSubject, areContextual: boolean): ScoredAttributes {
  if (areContextual) {
    const { numericAttributes, categoricalAttributes } = given as AttributesByKind; // checked above
    return {
      numeric: owned(numericAttributes),
      categorical: owned(categoricalAttributes),
      isFlat: false,
    };
  }
  const flat = owned(given as ScalarAttributes);
  return { numeric: flat, categorical: flat, isFlat: true };
}

/**
 * Returns only own members, because inherited members are not attributes. The members that every object inherits are
 * neither numbers nor strings.
 */
function owned(attributes: ScalarAttributes): ScalarAttributes {
  if (attributes === null || attributes === undefined) return attributes; // reading it throws, as in the vendor's SDK
  const prototype: unknown = Object.getPrototypeOf(attributes);
  return prototype === Object.prototype || prototype === null ? attributes : { ...attributes };
}

/** Returns the highest score. Ignores NaN, unlike the choice of the top action. */
function highest(scores: readonly number[]): number {
  let highestScore = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < scores.length; i++) {
    if ((scores[i] as number) > highestScore) highestScore = scores[i] as number; // i < length
  }
  return highestScore;
}
