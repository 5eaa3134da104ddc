/** Version of OpenTelemetry's semantic conventions that defines these names. */
export const CONVENTION_VERSION = "1.45.0";

/** Attribute names from OpenTelemetry's semantic conventions. */
export const ATTRIBUTES = {
  key: "feature_flag.key",
  variant: "feature_flag.result.variant",
  reason: "feature_flag.result.reason",
  value: "feature_flag.result.value",
  provider: "feature_flag.provider.name",
  version: "feature_flag.version",
  setId: "feature_flag.set.id",
  contextId: "feature_flag.context.id",
  errorType: "error.type",
  errorMessage: "feature_flag.error.message",
} as const;

/** Name of the log event for an evaluation. */
export const EVALUATION_EVENT = "feature_flag.evaluation";

/** Our own names, because the conventions define none for these. They follow OpenTelemetry's naming rules. */
export const INSTRUMENTS = {
  evaluations: "feature_flag.evaluations",
  age: "sortition.configuration.age",
  failures: "sortition.configuration.consecutive_failures",
  delivered: "sortition.exposures.delivered",
  dropped: "sortition.exposures.dropped",
  buffered: "sortition.exposures.buffered",
  compared: "sortition.shadow.compared",
  differences: "sortition.shadow.differences",
  skipped: "sortition.shadow.skipped",
  servedByOther: "sortition.shadow.served_by_other",
} as const;

/** Attributes of {@link INSTRUMENTS}. */
export const STATUS_ATTRIBUTES = {
  dialect: "sortition.dialect",
  logger: "sortition.logger",
  reason: "sortition.drop.reason",
  difference: "sortition.shadow.difference",
} as const;
