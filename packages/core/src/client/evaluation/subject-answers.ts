import type { ExpectedType } from "./evaluation-request.js";
import type { Getters } from "./mistake-texts.js";
import type { PinnedResult } from "./pinned-result.js";

/** Evaluates flags for one subject. */
export interface SubjectAnswers<Details extends object> {
  /**
   * Evaluates a flag. Throws only in strict mode.
   *
   * @param wantsDetails - whether events contain evaluation details.
   * @param getters - what to write instead of a getter, for messages. `null`: the flag was read with a getter.
   */
  answer(
    flagKey: string,
    type: ExpectedType,
    defaultValue: unknown,
    wantsDetails: boolean,
    getters: Getters | null,
  ): PinnedResult<Details>;
  /** Reports that an exposure was requested of a flag that was not read, unlike the flags `read`. */
  noteUnread(flagKey: string, read: readonly string[]): void;
}
