import type { KeptExposure } from "../../events/kept-exposure.js";
import type { Attributes } from "../../model/attributes.js";
import type { Configuration } from "../../model/configuration.js";
import type { ValueType } from "../../model/flag.js";
import type { OverrideMap } from "../overrides.js";
import type { AssignmentDetails } from "./assignment-details.js";
import type { PinnedResult } from "./pinned-result.js";

/** What a client of one subject asks a client or a shadow to pin. */
export interface SubjectRequest {
  readonly subjectKey: string;
  /** Owned by the subject client, so they do not change. */
  readonly attributes: Attributes;
  readonly extras: unknown;
  /** In addition to the client's own overrides. */
  readonly overrides: OverrideMap;
  /** Whether exposures are kept instead of logged, see {@link KeptExposure}. */
  readonly keepsExposures: boolean;
}

/** What all evaluations for one subject share. */
export interface Pin extends SubjectRequest {
  readonly configuration: Configuration | null;
}

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

/** Evaluates a flag again, without effects, to explain a result. */
export interface ResultDetails<Details extends object> {
  details<T>(
    flagKey: string,
    type: ValueType | null,
    defaultValue: T,
  ): AssignmentDetails<T, Details>;
}
