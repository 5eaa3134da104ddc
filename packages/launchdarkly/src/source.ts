export { launchdarklyOrigin } from "./source/launchdarkly-origin.js";
export { launchdarklySource } from "./source/launchdarkly-source.js";
export type { LaunchdarklyOriginOptions, LaunchdarklySourceOptions } from "./source/options.js";
