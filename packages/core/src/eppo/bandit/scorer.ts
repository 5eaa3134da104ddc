import type { BanditSubject } from "../../model/bandit.js";
import type { ActionSet } from "./attributes.js";

/** Scores and weighs the actions of a call. */
export interface Scorer {
  /** Returns the scores in the order of the names. There must be at least one name. */
  scores(subject: BanditSubject, actions: ActionSet): readonly number[];
  /** Returns the probabilities of actions with these scores. */
  weights(scores: readonly number[], names: readonly string[]): readonly number[];
}
