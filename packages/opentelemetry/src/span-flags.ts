import { type Span, trace } from "@opentelemetry/api";
import type { ObservedEvaluation } from "@sortition/core";
import type { Result } from "./result.js";

/** OpenTelemetry keeps 128 attributes per span by default, and flags must leave room for others. */
const MAX_FLAGS = 32;

/** The results of each span, which several observers share. */
const resultsBySpan = new WeakMap<Span, Map<string, string>>();

/** Adds a flag to the active span. Its first result is kept, and a different later result is marked. */
export function addToSpan(
  { flagKey, variation }: ObservedEvaluation,
  { errorType, reason }: Result,
): void {
  const span = trace.getActiveSpan();
  if (span === undefined || !span.isRecording()) return;
  const result = variation ?? errorType ?? reason;
  const results = resultsBySpan.get(span) ?? new Map<string, string>();
  resultsBySpan.set(span, results);
  const first = results.get(flagKey);
  if (first === result) return;
  if (first !== undefined) {
    span.setAttribute(`feature_flag.${flagKey}.changed`, true);
  } else if (results.size < MAX_FLAGS) {
    results.set(flagKey, result);
    span.setAttribute(`feature_flag.${flagKey}.variant`, result);
  } else {
    span.setAttribute("feature_flag.omitted", true);
  }
}
