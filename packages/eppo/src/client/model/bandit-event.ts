import type { Attributes } from "./attributes.js";
import type { IFlagEvaluationDetails } from "./evaluation-details.js";

/** A logged choice of a bandit: `subject` was shown `action`. */
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

/** Receives choices of bandits. */
export interface IBanditLogger {
  /**
   * Logs one choice. If it throws, or the promise that it returns is rejected, the next evaluation logs
   * the choice again.
   */
  logBanditAction(banditEvent: IBanditEvent): void;
}
