/** Settings of an evaluator that may change. */
export interface EvaluationMode {
  /** Whether getters return the default value instead of throwing. */
  isGraceful: boolean;
  hasReportedEarlyCall: boolean;
  /** Number of calls whose subject is still checked for mistakes. */
  subjectChecks: number;
}
