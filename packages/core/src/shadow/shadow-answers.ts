import type { Answers, GetterCall } from "../client/evaluation/answers.js";
import type { AssignmentDetails } from "../client/evaluation/assignment-details.js";
import type { EvaluationRequest } from "../client/evaluation/evaluation-request.js";
import type { SubjectRequest } from "../client/evaluation/pin.js";
import type { SubjectAnswers } from "../client/evaluation/subject-answers.js";
import type { Ask } from "./client-side.js";
import type { Serving } from "./serving.js";
import { ShadowSubject } from "./shadow-subject.js";
import type { ShadowCall } from "./side.js";

/** Answers each call from the side that serves. Details are those of that side. */
export class ShadowAnswers<Details extends object> implements Answers<Details> {
  readonly #serving: Serving;

  constructor(serving: Serving) {
    this.#serving = serving;
  }

  assign<T>(...[flagKey, subjectKey, attributes, defaultValue, type]: GetterCall<T>): T {
    const call = { flagKey, subjectKey, attributes, type, defaultValue };
    return this.#serving.serve(
      call,
      (side, ...it) => side.assign(...it, defaultValue, type),
      (_, value) => value as T,
    );
  }

  assignWithDetails<T>(
    ...[flagKey, subjectKey, attributes, defaultValue, type]: GetterCall<T>
  ): AssignmentDetails<T, Details> {
    const call = { flagKey, subjectKey, attributes, type, defaultValue };
    return this.#details(call, (side, ...it) => side.assignWithDetails(...it, defaultValue, type));
  }

  subject(request: SubjectRequest): SubjectAnswers<Details> {
    return new ShadowSubject(this.#serving, request);
  }

  evaluateFor(request: EvaluationRequest): AssignmentDetails<unknown, Details> {
    const { defaultValue, expectedType = null, flagKey, subjectAttributes, subjectKey } = request;
    const isKeyless = (subjectKey ?? null) === null;
    const call: ShadowCall = {
      flagKey,
      subjectKey: subjectKey ?? "",
      attributes: subjectAttributes,
      type: expectedType,
      defaultValue,
    };
    return this.#details(call, (side, key, subject, attributes) =>
      side.evaluateFor({
        ...request,
        flagKey: key,
        subjectKey: isKeyless ? subjectKey : subject,
        subjectAttributes: attributes ?? {},
      }),
    );
  }

  #details<T>(call: ShadowCall, ask: Ask<AssignmentDetails<T>>): AssignmentDetails<T, Details> {
    const details = this.#serving.serve(call, ask, (it, value) => ({ ...it, value: value as T }));
    return details as AssignmentDetails<T, Details>; // of the side that served
  }
}
