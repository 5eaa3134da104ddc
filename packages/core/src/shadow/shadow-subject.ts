import type { Answers } from "../client/evaluation/answers.js";
import type { ExpectedType } from "../client/evaluation/evaluation-request.js";
import type { Getters } from "../client/evaluation/mistake-texts.js";
import type { SubjectRequest } from "../client/evaluation/pin.js";
import type { PinnedResult } from "../client/evaluation/pinned-result.js";
import type { SubjectAnswers } from "../client/evaluation/subject-answers.js";
import type { Serving } from "./serving.js";

/** Evaluates flags for one subject with both sides of a shadow, which are pinned when it is created. */
export class ShadowSubject<Details extends object> implements SubjectAnswers<Details> {
  readonly #serving: Serving;
  readonly #request: SubjectRequest;
  readonly #pinned: ReadonlyMap<Answers<object>, SubjectAnswers<object>>;

  constructor(serving: Serving, request: SubjectRequest) {
    this.#serving = serving;
    this.#request = request;
    this.#pinned = serving.pin(request);
  }

  answer(
    flagKey: string,
    type: ExpectedType,
    defaultValue: unknown,
    wantsDetails: boolean,
    getters: Getters | null,
  ): PinnedResult<Details> {
    const { attributes, subjectKey } = this.#request;
    const pinned = this.#pinned;
    const call = { flagKey, subjectKey, attributes, type, defaultValue, pinned };
    const result = this.#serving.serve<PinnedResult<object>>(
      call,
      (side, key) => {
        const answers = pinned.get(side) as SubjectAnswers<object>; // each port was pinned
        return answers.answer(key, type, defaultValue, wantsDetails, getters);
      },
      (it, value) => it.withValue(value),
    );
    return result as PinnedResult<Details>; // of the side that served
  }

  noteUnread(flagKey: string, read: readonly string[]): void {
    const [primary] = this.#pinned.values();
    primary?.noteUnread(flagKey, read);
  }
}
