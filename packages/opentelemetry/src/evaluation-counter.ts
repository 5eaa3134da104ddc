import { type Attributes, type Counter, type MeterProvider, metrics } from "@opentelemetry/api";
import type { ObservedEvaluation } from "@sortition/core";
import { ATTRIBUTES, INSTRUMENTS } from "./conventions.js";
import type { Result } from "./result.js";
import { VERSION } from "./version.js";

/** Counts evaluations by flag, variation and reason. Never records subjects or values. */
export class EvaluationCounter {
  readonly #providerName: string;
  #meters: MeterProvider | null = null;
  #counter: Counter | null = null;

  constructor(providerName: string) {
    this.#providerName = providerName;
  }

  add({ flagKey, variation }: ObservedEvaluation, { errorType, reason }: Result): void {
    const attributes: Attributes = {
      [ATTRIBUTES.key]: flagKey,
      [ATTRIBUTES.reason]: reason,
      [ATTRIBUTES.provider]: this.#providerName,
    };
    if (variation !== null) attributes[ATTRIBUTES.variant] = variation;
    if (errorType !== null) attributes[ATTRIBUTES.errorType] = errorType;
    this.#current().add(1, attributes);
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
