import type { ExposureOutcome } from "../events/exposure-outcome.js";
import type { Attributes } from "../model/attributes.js";
import type { SubjectGetters } from "../model/subject-getters.js";
import type { AssignmentDetails } from "./evaluation/assignment-details.js";
import type { Overrides } from "./overrides.js";

/** Options of `client.forSubject`. */
export interface SubjectOptions<Extras = unknown> {
  readonly subjectKey: string;
  /**
   * The subject's attributes. A plain object is copied, so later changes of its members have no effect. Objects within it
   * are not copied. Default: none.
   */
  readonly attributes?: Attributes | null | undefined;
  /** The values that the dialect needs in addition to attributes, such as groups or a URL. */
  readonly extras?: Extras | null | undefined;
  /**
   * Variations to return to this subject instead of evaluating flags, in addition to the client's own. One that is
   * unknown, or whose value does not fit the getter, is ignored, reported once and counted as `ignoredOverride`.
   */
  readonly overrides?: Overrides | undefined;
  /**
   * When exposures are logged. `on-read`: when a flag is read for the first time. `on-show`: when `exposed(flagKey)` is
   * called. Default: `on-read`.
   */
  readonly exposures?: "on-read" | "on-show" | undefined;
}

/**
 * A client of one subject, for the length of one request. Its values do not change, even if the configuration does:
 * each flag is evaluated once for each type of getter. Later reads return the same result, or your default if nothing
 * was assigned. It has no bandits, because a bandit's choice depends on the actions of each call.
 */
export interface SubjectClient<Details extends object = object> extends SubjectGetters {
  readonly subjectKey: string;

  /** Like {@link getBooleanAssignment}, with details. */
  getBooleanAssignmentDetails(
    flagKey: string,
    defaultValue: boolean,
  ): AssignmentDetails<boolean, Details>;

  /** Like {@link getIntegerAssignment}, with details. */
  getIntegerAssignmentDetails(
    flagKey: string,
    defaultValue: number,
  ): AssignmentDetails<number, Details>;

  /** Like {@link getNumericAssignment}, with details. */
  getNumericAssignmentDetails(
    flagKey: string,
    defaultValue: number,
  ): AssignmentDetails<number, Details>;

  /** Like {@link getStringAssignment}, with details. */
  getStringAssignmentDetails(
    flagKey: string,
    defaultValue: string,
  ): AssignmentDetails<string, Details>;

  /** Like {@link getJSONAssignment}, with details. */
  getJSONAssignmentDetails<T extends object | null>(
    flagKey: string,
    defaultValue: T,
  ): AssignmentDetails<T, Details>;

  /**
   * Logs the exposures of a flag that was read, if they were kept (`exposures: "on-show"`). Call it when the subject
   * sees the variation. A second call logs nothing.
   *
   * @returns the outcomes of the flag's exposures, prerequisites first. Empty for a flag that was not read, which is
   * reported once.
   */
  exposed(flagKey: string): readonly ExposureOutcome[];
}
