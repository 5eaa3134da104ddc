import type { AssignmentDetails } from "./assignment-details.js";
import type { ExpectedType } from "./evaluation-request.js";
import type { Pin } from "./pin.js";
import type { PinnedResult, ResultDetails } from "./pinned-result.js";
import type { SubjectAnswers } from "./subject-answers.js";

/** The evaluator that {@link PinnedEvaluations} use. */
export interface PinnedEvaluator<Details extends object> {
  answerPinned(
    pin: Pin,
    flagKey: string,
    type: ExpectedType,
    defaultValue: unknown,
    by: ResultDetails<Details>,
  ): PinnedResult<Details>;
  detailsOfPinned<T>(
    pin: Pin,
    flagKey: string,
    type: ExpectedType,
    defaultValue: T,
  ): AssignmentDetails<T, Details>;
  noteUnread(flagKey: string): void;
}

/** Evaluates flags for one subject with one evaluator. */
export class PinnedEvaluations<Details extends object>
  implements SubjectAnswers<Details>, ResultDetails<Details>
{
  readonly #evaluator: PinnedEvaluator<Details>;
  readonly #pin: Pin;

  constructor(evaluator: PinnedEvaluator<Details>, pin: Pin) {
    this.#evaluator = evaluator;
    this.#pin = pin;
  }

  answer(flagKey: string, type: ExpectedType, defaultValue: unknown): PinnedResult<Details> {
    return this.#evaluator.answerPinned(this.#pin, flagKey, type, defaultValue, this);
  }

  details<T>(flagKey: string, type: ExpectedType, defaultValue: T): AssignmentDetails<T, Details> {
    return this.#evaluator.detailsOfPinned(this.#pin, flagKey, type, defaultValue);
  }

  noteUnread(flagKey: string): void {
    this.#evaluator.noteUnread(flagKey);
  }
}
