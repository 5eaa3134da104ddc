export {
  type DevtoolsState,
  devtoolsExpressPlugin,
  devtoolsNextjsPlugin,
  type ExpressRequestCompat,
  getDebugEvent,
  getDebugScriptContents,
  type LogEvent,
  type NextjsReadonlyRequestCookiesCompat,
  type NextjsRequestCompat,
  type SdkInfo,
} from "./plugins/devtools.js";
export type { TrackingEventData } from "./plugins/event-payload.js";
export {
  type GrowthBookTrackingOptions,
  growthbookTrackingPlugin,
  type TrackingPlugin,
  type TrackingTransport,
} from "./plugins/growthbook-tracking.js";
export type { TrackingCounters } from "./plugins/ingest-queue.js";
export {
  getTracingTags,
  TRACING_TAG_EXPERIMENT_PREFIX,
  type TracingAssignment,
  type TracingPluginOptions,
  tracingPlugin,
} from "./plugins/tracing.js";
