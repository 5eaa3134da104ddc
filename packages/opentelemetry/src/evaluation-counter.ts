import { type Attributes, type Counter, type MeterProvider, metrics } from "@opentelemetry/api";
import type { ObservedEvaluation } from "@sortition/core";
import { hasUnknownKey } from "@sortition/core/internal";
import { ATTRIBUTES, INSTRUMENTS } from "./conventions.js";
import type { Result } from "./result.js";
import { VERSION } from "./version.js";

/** Each key is a time series, and an unknown key may be any string. */
const MAX_UNKNOWN_KEYS = 100;
/** The key under which further unknown keys are counted. OpenTelemetry uses this name for values that it does not list. */
const OTHER = "_OTHER";

/** Counts evaluations by flag, variation and reason. Never records subjects or values. */
export class EvaluationCounter {
  readonly #providerName: string;
  #meters: MeterProvider | null = null;
  #counter: Counter | null = null;
  readonly #unknownKeys = new Set<string>();

  constructor(providerName: string) {
    this.#providerName = providerName;
  }

  add(evaluation: ObservedEvaluation, { errorType, reason }: Result): void {
    const { variation } = evaluation;
    const attributes: Attributes = {
      [ATTRIBUTES.key]: this.#keyOf(evaluation),
      [ATTRIBUTES.reason]: reason,
      [ATTRIBUTES.provider]: this.#providerName,
    };
    if (variation !== null) attributes[ATTRIBUTES.variant] = variation;
    if (errorType !== null) attributes[ATTRIBUTES.errorType] = errorType;
    this.#current().add(1, attributes);
  }

  #keyOf(evaluation: ObservedEvaluation): string {
    const { flagKey } = evaluation;
    if (!hasUnknownKey(evaluation) || this.#unknownKeys.has(flagKey)) return flagKey;
    if (this.#unknownKeys.size >= MAX_UNKNOWN_KEYS) return OTHER;
    this.#unknownKeys.add(flagKey);
    return flagKey;
  }

  /** Checks for a new provider, because a meter created before the SDK starts would never record anything. */
  #current(): Counter {
    const meters = metrics.getMeterProvider();
    if (this.#counter === null || this.#meters !== meters) {
      this.#meters = meters;
      this.#counter = meters
        .getMeter("@sortition/opentelemetry", VERSION)
        .createCounter(INSTRUMENTS.evaluations, {
          description: "Evaluations of feature flags",
          unit: "{evaluation}",
        });
    }
    return this.#counter;
  }
}
