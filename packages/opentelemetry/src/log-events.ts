import type { Attributes, AttributeValue } from "@opentelemetry/api";
import type { ObservedEvaluation } from "@sortition/core";
import { ATTRIBUTES, EVALUATION_EVENT } from "./conventions.js";
import type { Result } from "./result.js";

/** The part of a logger from `@opentelemetry/api-logs` that we use. */
export interface EventLogger {
  /** Emits one event. */
  emit(record: { readonly eventName: string; readonly attributes: Attributes }): void;
}

/** Settings of log events. */
export interface LogEventSettings {
  readonly logger: EventLogger;
  readonly providerName: string;
  readonly hasContextId: boolean;
  readonly hasValue: boolean;
  /** Share of evaluations that are logged, from 0 to 1. */
  readonly sampleRatio: number;
  readonly random: () => number;
}

/** Emits an event for an evaluation. */
export function logEvaluation(
  evaluation: ObservedEvaluation,
  { errorMessage, errorType, reason }: Result,
  { hasContextId, hasValue, logger, providerName, random, sampleRatio }: LogEventSettings,
): void {
  if (sampleRatio < 1 && random() >= sampleRatio) return;
  const { configurationRevision, environment, flagKey, subjectKey, variation } = evaluation;
  const attributes: Attributes = {
    [ATTRIBUTES.key]: flagKey,
    [ATTRIBUTES.reason]: reason,
    [ATTRIBUTES.provider]: providerName,
  };
  if (variation !== null) attributes[ATTRIBUTES.variant] = variation;
  if (configurationRevision !== null) attributes[ATTRIBUTES.version] = configurationRevision;
  if (environment !== null) attributes[ATTRIBUTES.setId] = environment;
  if (errorType !== null) attributes[ATTRIBUTES.errorType] = errorType;
  if (errorMessage !== null) attributes[ATTRIBUTES.errorMessage] = errorMessage;
  if (hasContextId && subjectKey !== "") attributes[ATTRIBUTES.contextId] = subjectKey;
  const value = hasValue ? attributeOf(evaluation) : undefined;
  if (value !== undefined) attributes[ATTRIBUTES.value] = value;
  logger.emit({ eventName: EVALUATION_EVENT, attributes });
}

/** Converts a value to an attribute. Objects become JSON. */
function attributeOf({ value }: ObservedEvaluation): AttributeValue | undefined {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    case "object":
      return value === null ? undefined : JSON.stringify(value);
    default:
      return undefined;
  }
}
