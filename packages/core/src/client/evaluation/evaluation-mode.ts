/** Settings of an evaluator that may change. */
export interface EvaluationMode {
  /** Whether getters return the default value instead of throwing. */
  isGraceful: boolean;
  hasReportedEarlyCall: boolean;
  /** Number of calls whose attributes are still checked for being a list or a `Map`. */
  attributeChecks: number;
}
