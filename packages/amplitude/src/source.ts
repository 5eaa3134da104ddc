export { amplitudeOrigin } from "./source/amplitude-origin.js";
export { type AmplitudeSourceOptions, amplitudeSource } from "./source/amplitude-source.js";
export type { CohortSyncOptions } from "./source/cohort-options.js";
export type { AmplitudeOriginOptions } from "./source/options.js";
