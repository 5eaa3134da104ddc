export { amplitudeOrigin } from "./source/amplitude-origin.js";
export { type AmplitudeSourceOptions, amplitudeSource } from "./source/amplitude-source.js";
export type { AmplitudeOriginOptions, CohortSyncOptions } from "./source/options.js";
