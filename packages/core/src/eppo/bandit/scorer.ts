import type { BanditSubject } from "../../model/bandit.js";
import type { ActionSet } from "./attributes.js";

/** What a model makes of the actions of a call. */
export interface Scorer {
  /** Scores in the order of the names, of which there is at least one. */
  scores(subject: BanditSubject, actions: ActionSet): readonly number[];
  /** Probabilities of actions with these scores. */
  weights(scores: readonly number[], names: readonly string[]): readonly number[];
}
