import type { VendorAny } from "@sortition/core/internal";
import type { IFlagEvaluationDetails } from "./evaluation-details.js";

/** A logged assignment: `subject` was assigned `variation` of `featureFlag`. */
export interface IAssignmentEvent {
  /** Extra logging of the matched split. */
  [propName: string]: unknown;
  allocation: string | null;
  experiment: string | null;
  featureFlag: string;
  /** Key of the variation, not its value. */
  variation: string | null;
  subject: string;
  /** ISO 8601 in UTC with milliseconds. */
  timestamp: string;
  /** The object that the caller passed. */
  subjectAttributes: Record<string, VendorAny>;
  metaData?: Record<string, unknown>;
  /** Format of the configuration, `SERVER` or `CLIENT`. */
  format: string;
  evaluationDetails: IFlagEvaluationDetails | null;
  /** The vendor's identifier of the kind of subject. */
  entityId?: number | null;
}

/** Receives assignments. */
export interface IAssignmentLogger {
  /**
   * Logs one assignment. If it throws or its promise rejects, the next evaluation logs the
   * assignment again.
   */
  logAssignment(assignment: IAssignmentEvent): void;
}
