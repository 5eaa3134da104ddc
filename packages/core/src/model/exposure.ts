import type { Attributes } from "./attributes.js";

/**
 * The part of an assignment event that is known when a flag is compiled. One object serves every
 * subject that gets this variation through this allocation.
 */
export interface ExposureBase {
  /** Key of the flag as the event names it; `null` where it is the key that was asked for. */
  readonly featureFlag: string | null;
  readonly allocation: string | null;
  readonly variation: string | null;
  /** Vendor's own identifier of the kind of subject; `null` if the flag has none. */
  readonly entityId: number | null;
  /** Extra top-level members of the event. They never replace a fixed one. */
  readonly extraLogging: Readonly<Record<string, string>>;
}

/** Where an event comes from: `sdkName` and `sdkLibVersion` of this library. */
export interface EventMetadata {
  /** True if the configuration was hashed (`format: CLIENT`). */
  readonly obfuscated: boolean;
  readonly sdkLanguage: "javascript";
  readonly sdkName: string;
  readonly sdkLibVersion: string;
}

/**
 * A logged assignment: `subject` got `variation` of `featureFlag` through `allocation`.
 * Extra logging of the allocation's split stands beside these members, at the top level.
 *
 * @see The event table of the vendor's documentation; `evaluationDetails` are present only when the
 * assignment was made by a details getter or the client was told to include them.
 */
export interface AssignmentEvent {
  readonly allocation: string | null;
  /** `<featureFlag>-<allocation>`; `null` without an allocation. */
  readonly experiment: string | null;
  readonly featureFlag: string;
  /** Format of the configuration, as the vendor names it (`SERVER`, `CLIENT`). */
  readonly format: string;
  /** Key of the variation, not its value. */
  readonly variation: string | null;
  readonly subject: string;
  /** ISO 8601 in UTC with milliseconds. */
  readonly timestamp: string;
  readonly subjectAttributes: Attributes;
  readonly metaData: EventMetadata;
  readonly entityId: number | null;
  readonly evaluationDetails?: object;
  /** Stable identifier (UUID, version 8) of this exposure: the same for every delivery of it. */
  readonly messageId: string;
}

/** What a bandit chose, apart from who it chose for and when. */
export interface BanditChoice {
  readonly banditKey: string;
  readonly modelVersion: string;
  readonly action: string;
  /** Weight of the action when it was drawn, 0 … 1 (more where a model's floor says so). */
  readonly actionProbability: number;
  /** Score of the best action minus that of the chosen one. */
  readonly optimalityGap: number;
  readonly subjectNumericAttributes: Attributes;
  readonly subjectCategoricalAttributes: Attributes;
  readonly actionNumericAttributes: Attributes;
  readonly actionCategoricalAttributes: Attributes;
}

/** A logged choice of a bandit: `subject` was shown `action`. */
export interface BanditEvent extends BanditChoice {
  /** ISO 8601 in UTC with milliseconds. */
  readonly timestamp: string;
  readonly flagKey: string;
  readonly subject: string;
  readonly metaData: EventMetadata;
  readonly evaluationDetails?: object;
  /** Stable identifier (UUID, version 8) of this exposure: the same for every delivery of it. */
  readonly messageId: string;
}
