export { datadogOrigin } from "./source/datadog-origin.js";
export { datadogSource } from "./source/datadog-source.js";
export type { DatadogOriginOptions, DatadogSourceOptions } from "./source/options.js";
