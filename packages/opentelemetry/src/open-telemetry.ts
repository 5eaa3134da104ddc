import { consoleDiagnostics, type EvaluationObserver } from "@sortition/core";
import {
  boolean,
  callback,
  explainedOn,
  OptionError,
  type Readers,
  readOptions,
  shareAdvice,
  string,
  withMethods,
} from "@sortition/core/internal";
import { EvaluationCounter } from "./evaluation-counter.js";
import { type EventLogger, logEvaluation } from "./log-events.js";
import { resultOf } from "./result.js";
import { addToSpan } from "./span-flags.js";

/** Options of {@link openTelemetry}. */
export interface OpenTelemetryOptions {
  /** Whether to count evaluations in `feature_flag.evaluations`, which takes time in each call. Default: `true`. */
  readonly metrics?: boolean | undefined;
  /** Whether to add flags to the active span. Default: `true`. */
  readonly spans?: boolean | undefined;
  /** A logger from `@opentelemetry/api-logs`, such as `logs.getLogger("app")`, for an event per evaluation. Default: none. */
  readonly logs?: EventLogger | undefined;
  /** Whether log events contain the subject key, which may be personal data. Default: `false`. */
  readonly contextId?: boolean | undefined;
  /** Whether log events contain the value, which may be personal data. Default: `false`. */
  readonly value?: boolean | undefined;
  /** Share of evaluations that are logged, from 0 to 1. Default: 1. */
  readonly sampleRatio?: number | undefined;
  /** `feature_flag.provider.name`, to distinguish several vendors in one process. Default: `sortition`. */
  readonly providerName?: string | undefined;
  /** Returns a number in [0, 1), which is compared with `sampleRatio`. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

const LOGGER = 'logs.getLogger("app")';

const READERS = () =>
  ({
    metrics: boolean(true),
    spans: boolean(true),
    logs: withMethods<EventLogger>(LOGGER, "emit"),
    contextId: boolean(false),
    value: boolean(false),
    sampleRatio: readRatio,
    providerName: string("sortition"),
    random: callback<() => number>(),
  }) satisfies Readers<OpenTelemetryOptions>;

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
  if (typeof options === "string") {
    const form = `write openTelemetry({ providerName: "${options}" })`;
    throw new OptionError("openTelemetry", `got a string: ${form}`);
  }
  if ("flagKey" in options) {
    throw new OptionError("onEvaluation", "call it: openTelemetry()");
  }
  if ("getStringAssignment" in options) {
    const form = "write createClient({ onEvaluation: openTelemetry() })";
    throw new OptionError("openTelemetry", `got a client: ${form}`);
  }
  const {
    contextId: hasContextId,
    logs: logger,
    metrics,
    providerName,
    random = Math.random,
    sampleRatio,
    spans,
    value: hasValue,
  } = readOptions(READERS(), options, undefined, explainedOn("/guides/openfeature.md"));
  if (logger === undefined) {
    const unused = (["contextId", "value", "sampleRatio"] as const).find((it) => options[it]);
    if (unused !== undefined) warn(`${unused} has no effect without logs: pass logs: ${LOGGER}`);
    if (!metrics && !spans) warn(`reports nothing: leave it out, or pass logs: ${LOGGER}`);
  }
  const counter = metrics ? new EvaluationCounter(providerName) : null;
  const events =
    logger === undefined
      ? null
      : { logger, providerName, hasContextId, hasValue, sampleRatio, random };
  return (evaluation) => {
    const result = resultOf(evaluation);
    counter?.add(evaluation, result);
    if (spans) addToSpan(evaluation, result);
    if (events !== null) logEvaluation(evaluation, result, events);
  };
}

/** The client, whose diagnostics would be better, does not exist yet. */
function warn(problem: string): void {
  consoleDiagnostics().warn(`openTelemetry(): ${problem}`);
}

function readRatio(path: string, value: unknown = 1): number {
  if (typeof value === "number" && value >= 0 && value <= 1) return value;
  throw new OptionError(path, `expected a number from 0 to 1, got ${value}${shareAdvice(value)}`);
}
