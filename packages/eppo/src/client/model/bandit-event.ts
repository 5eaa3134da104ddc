import type { Attributes } from "./attributes.js";
import type { IFlagEvaluationDetails } from "./evaluation-details.js";

/** A logged bandit action: `subject` was shown `action`. */
export interface IBanditEvent {
  /** ISO 8601 in UTC with milliseconds. */
  timestamp: string;
  featureFlag: string;
  bandit: string;
  subject: string;
  action: string | null;
  actionProbability: number | null;
  optimalityGap: number | null;
  modelVersion: string;
  subjectNumericAttributes: Attributes;
  subjectCategoricalAttributes: Attributes;
  actionNumericAttributes: Attributes;
  actionCategoricalAttributes: Attributes;
  metaData?: Record<string, unknown>;
  evaluationDetails: IFlagEvaluationDetails | null;
}

/** Receives bandit actions. */
export interface IBanditLogger {
  /**
   * Logs one action. If it throws or its promise rejects, the next evaluation logs the action
   * again.
   */
  logBanditAction(banditEvent: IBanditEvent): void;
}
