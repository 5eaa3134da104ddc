import type { Answers } from "../client/evaluation/answers.js";
import type { ExpectedType } from "../client/evaluation/evaluation-request.js";
import type { SubjectAnswers } from "../client/evaluation/subject-answers.js";
import type { Attributes } from "../model/attributes.js";
import type { Outcome } from "./outcome.js";

/** A getter call, with the primary's names. */
export interface ShadowCall {
  readonly flagKey: string;
  readonly subjectKey: string;
  readonly attributes: Attributes | null | undefined;
  readonly type: ExpectedType;
  readonly defaultValue: unknown;
  /** The sides' pinned evaluations for the subject, by port. Absent: the call stands alone. */
  readonly pinned?: ReadonlyMap<Answers<object>, SubjectAnswers<object>>;
}

/** One of the two sides that a shadow compares. */
export interface Side {
  /** Evaluates without side effects. Returns a promise if the side is asynchronous. May throw. */
  compare(call: ShadowCall): Outcome | PromiseLike<Outcome>;
}
