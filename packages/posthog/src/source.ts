export type { PosthogOriginOptions, PosthogSourceOptions } from "./source/options.js";
export { posthogOrigin } from "./source/posthog-origin.js";
export { posthogSource } from "./source/posthog-source.js";
