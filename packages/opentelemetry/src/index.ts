export type { EvaluationObserver } from "@sortition/core";
export { CONVENTION_VERSION } from "./conventions.js";
export type { EventLogger } from "./log-events.js";
export { type ObserveStatusOptions, observeStatus } from "./observe-status.js";
export { type OpenTelemetryOptions, openTelemetry } from "./open-telemetry.js";
