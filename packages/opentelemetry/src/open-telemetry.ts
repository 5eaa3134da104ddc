import type { EvaluationObserver } from "@sortition/core";
import {
  booleanOption,
  OptionError,
  rejectUnknownOptions,
  requireFunction,
  requireMethods,
  requireString,
} from "@sortition/core/internal";
import { EvaluationCounter } from "./evaluation-counter.js";
import { type EventLogger, LogEvents } from "./log-events.js";
import { resultOf } from "./result.js";
import { SpanFlags } from "./span-flags.js";

/** Options of {@link openTelemetry}. */
export interface OpenTelemetryOptions {
  /** Whether to count evaluations in `feature_flag.evaluations`. Default: true. */
  readonly metrics?: boolean | undefined;
  /** Whether to add flags to the active span. Default: true. */
  readonly spans?: boolean | undefined;
  /** A logger from `@opentelemetry/api-logs`, which receives an event for each evaluation. Default: none. */
  readonly logs?: EventLogger | undefined;
  /** Whether log events contain the subject key, which may be personal data. Default: false. */
  readonly contextId?: boolean | undefined;
  /** Whether log events contain the value. Default: false. */
  readonly value?: boolean | undefined;
  /** Share of evaluations that are logged, from 0 to 1. Default: 1. */
  readonly sampleRatio?: number | undefined;
  /** The attribute `feature_flag.provider.name`. Default: `sortition`. */
  readonly providerName?: string | undefined;
  /** Returns a number in [0, 1), which is compared with `sampleRatio`. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

const OPTION_NAMES: readonly (keyof OpenTelemetryOptions)[] = [
  ...(["metrics", "spans", "logs", "contextId", "value", "sampleRatio"] as const),
  ...(["providerName", "random"] as const),
];

/**
 * Creates an observer that reports evaluations to OpenTelemetry. It uses the SDK that your application starts, even if that
 * happens later.
 *
 * ```ts
 * const client = createClient({ onEvaluation: openTelemetry() });
 * ```
 *
 * @throws OptionError if an option is unknown or invalid.
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): EvaluationObserver {
  if ("flagKey" in options) {
    throw new OptionError("onEvaluation", "call it: openTelemetry()");
  }
  rejectUnknownOptions(options, OPTION_NAMES);
  const { logs, providerName = "sortition", random = Math.random, sampleRatio = 1 } = options;
  requireString("providerName", providerName, "expected a non-empty string");
  requireFunction("random", random);
  requireMethods("logs", logs, ["emit"]);
  if (!(typeof sampleRatio === "number" && sampleRatio >= 0 && sampleRatio <= 1)) {
    throw new OptionError("sampleRatio", `expected a number from 0 to 1, got ${sampleRatio}`);
  }
  const counts = booleanOption("metrics", options.metrics, true);
  const marks = booleanOption("spans", options.spans, true);
  const hasContextId = booleanOption("contextId", options.contextId, false);
  const hasValue = booleanOption("value", options.value, false);
  const counter = counts ? new EvaluationCounter(providerName) : null;
  const spans = marks ? new SpanFlags() : null;
  const events =
    logs === undefined
      ? null
      : new LogEvents({ logger: logs, providerName, hasContextId, hasValue, sampleRatio }, random);
  return (evaluation) => {
    const result = resultOf(evaluation);
    counter?.add(evaluation, result);
    spans?.add(evaluation, result);
    events?.add(evaluation, result);
  };
}
