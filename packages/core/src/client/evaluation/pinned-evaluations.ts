import type { ValueType } from "../../model/flag.js";
import type { AssignmentDetails } from "./assignment-details.js";
import type { Evaluator } from "./evaluator.js";
import type { Pin, ResultDetails, SubjectAnswers } from "./pin.js";
import type { PinnedResult } from "./pinned-result.js";

/** Evaluates flags for one subject with one evaluator. */
export class PinnedEvaluations<Details extends object>
  implements SubjectAnswers<Details>, ResultDetails<Details>
{
  readonly #evaluator: Evaluator<Details>;
  readonly #pin: Pin;

  constructor(evaluator: Evaluator<Details>, pin: Pin) {
    this.#evaluator = evaluator;
    this.#pin = pin;
  }

  answer(flagKey: string, type: ValueType | null, defaultValue: unknown): PinnedResult<Details> {
    return this.#evaluator.answerPinned(this.#pin, flagKey, type, defaultValue, this);
  }

  details<T>(
    flagKey: string,
    type: ValueType | null,
    defaultValue: T,
  ): AssignmentDetails<T, Details> {
    return this.#evaluator.detailsOfPinned(this.#pin, flagKey, type, defaultValue);
  }

  noteUnread(flagKey: string): void {
    this.#evaluator.noteUnread(flagKey);
  }
}
