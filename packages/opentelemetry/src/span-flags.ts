import { type Span, trace } from "@opentelemetry/api";
import type { ObservedEvaluation } from "@sortition/core";
import type { Result } from "./result.js";

/** OpenTelemetry keeps 128 attributes per span by default, and flags must leave room for others. */
const MAX_FLAGS = 32;

/** Adds flags to the active span. The first result of a flag is kept, and a different later result is marked. */
export class SpanFlags {
  readonly #resultsBySpan = new WeakMap<Span, Map<string, string>>();

  add({ flagKey, variation }: ObservedEvaluation, { errorType, reason }: Result): void {
    const span = trace.getActiveSpan();
    if (span === undefined || !span.isRecording()) return;
    const result = variation ?? errorType ?? reason;
    const results = this.#resultsOf(span);
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

  #resultsOf(span: Span): Map<string, string> {
    const known = this.#resultsBySpan.get(span);
    if (known !== undefined) return known;
    const results = new Map<string, string>();
    this.#resultsBySpan.set(span, results);
    return results;
  }
}
