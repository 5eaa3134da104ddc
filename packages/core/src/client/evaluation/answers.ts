import type { Attributes } from "../../model/attributes.js";
import type { ValueType } from "../../model/flag.js";
import type { AssignmentDetails } from "./assignment-details.js";
import type { EvaluationRequest } from "./evaluation-request.js";
import type { SubjectRequest } from "./pin.js";
import type { SubjectAnswers } from "./subject-answers.js";

/** The arguments of a client's getter, and its type. */
export type GetterCall<T> = readonly [
  flagKey: string,
  subjectKey: string,
  attributes: Attributes | null | undefined,
  defaultValue: T,
  type: ValueType,
];

/** What the typed getters of a client are built on: an evaluator, or a shadow of two. */
export interface Answers<Details extends object> {
  /** Returns the assigned value, or the default. Throws only in strict mode. */
  assign<T>(...call: GetterCall<T>): T;
  assignWithDetails<T>(...call: GetterCall<T>): AssignmentDetails<T, Details>;
  /** Pins everything that evaluations for one subject share. */
  subject(request: SubjectRequest): SubjectAnswers<Details>;
  evaluateFor(request: EvaluationRequest): AssignmentDetails<unknown, Details>;
}
