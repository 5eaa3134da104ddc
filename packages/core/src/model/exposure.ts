import type { Attributes, ScalarAttributes } from "./attributes.js";

/**
 * The part of an assignment event that is known when a flag is compiled. Shared by all subjects that get
 * this variation through this allocation.
 */
export interface ExposureBase {
  /** Name of the experiment. `null`: `<featureFlag>-<allocation>`, or no name without an allocation. */
  readonly experiment: string | null;
  /** Key of the flag in the event. `null`: the requested key. */
  readonly featureFlag: string | null;
  /**
   * The allocation that assigned the variation. An exposure of the same flag and subject is logged again if its
   * allocation, experiment or variation differs from the last one.
   */
  readonly allocation: string | null;
  readonly variation: string | null;
  /**
   * Used instead of the flag's key to deduplicate exposures, if one evaluation may log several experiments of a flag.
   * Default: the key of the flag.
   */
  readonly deduplicationKey?: string;
  /**
   * Experiment and allocation as one string, created by `viaOf`. If absent, it is created for each exposure, which
   * takes time if the experiment has its own name.
   */
  readonly via?: string | null;
  /** Extra top-level members of the event. They never replace another member. */
  readonly extraLogging: Readonly<Record<string, string>>;
  /** Constant members that the dialect adds after `metaData`. Default: none. */
  readonly eventFields?: Readonly<Record<string, unknown>>;
}

/**
 * Constant members that a dialect adds to the events of one configuration. Their names must differ from
 * those of {@link AssignmentEvent} and {@link EventMetadata}.
 */
export interface EventFields {
  /** Members of each assignment event, after `featureFlag`. */
  readonly assignment: Readonly<Record<string, unknown>>;
  /** First members of `metaData` in each event. */
  readonly metaData: Readonly<Record<string, unknown>>;
}

/** The origin of an event: `sdkName` and `sdkLibVersion` of the package that created the client. */
export interface EventMetadata {
  readonly sdkLanguage: "javascript";
  readonly sdkName: string;
  readonly sdkLibVersion: string;
}

/**
 * A logged assignment: `subject` got `variation` of `featureFlag` through `allocation`. The event also has the extra
 * logging of the allocation's split, and the dialect's own members (`eventFields`). `evaluationDetails` are only
 * present if the assignment was made by a details getter or the option `includeEvaluationDetails` is set.
 *
 * @see The event table of the vendor's documentation
 */
export interface AssignmentEvent {
  readonly allocation: string | null;
  /** Name of the experiment, or `<featureFlag>-<allocation>`. `null` without an allocation. */
  readonly experiment: string | null;
  readonly featureFlag: string;
  /** Key of the variation, not its value. */
  readonly variation: string | null;
  readonly subject: string;
  /** ISO 8601 in UTC with milliseconds. */
  readonly timestamp: string;
  readonly subjectAttributes: Attributes;
  readonly metaData: EventMetadata;
  readonly evaluationDetails?: object;
  /** Stable identifier (UUID, version 8) of this exposure: the same for every delivery of it. */
  readonly messageId: string;
}

/** The choice of a bandit, without subject and time. */
export interface BanditChoice {
  readonly banditKey: string;
  readonly modelVersion: string;
  readonly action: string;
  /** Weight of the action when it was drawn, from 0 to 1 (more if the model's floor requires it). */
  readonly actionProbability: number;
  /** Score of the best action minus the score of the chosen action. */
  readonly optimalityGap: number;
  readonly subjectNumericAttributes: ScalarAttributes;
  readonly subjectCategoricalAttributes: ScalarAttributes;
  readonly actionNumericAttributes: ScalarAttributes;
  readonly actionCategoricalAttributes: ScalarAttributes;
}

/** A logged bandit choice: `subject` was shown `action`. */
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
