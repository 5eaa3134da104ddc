import type { ValueType } from "../../model/flag.js";
import type { PinnedResult } from "./pinned-result.js";

/** Evaluates flags for one subject. */
export interface SubjectAnswers<Details extends object> {
  /**
   * Evaluates a flag. Throws only in strict mode.
   *
   * @param type - of the getter. `null`: any type.
   */
  answer(flagKey: string, type: ValueType | null, defaultValue: unknown): PinnedResult<Details>;
  /** Reports that an exposure was requested of a flag that was not read. */
  noteUnread(flagKey: string): void;
}
