export { amplitudeOrigin } from "./origin/amplitude-origin.js";
export type { AmplitudeOriginOptions, CohortSyncOptions } from "./origin/options.js";
export { type AmplitudeSourceOptions, amplitudeSource } from "./source/amplitude-source.js";
