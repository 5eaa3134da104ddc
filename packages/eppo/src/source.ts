export { eppoOrigin } from "./source/eppo-origin.js";
export { eppoSource } from "./source/eppo-source.js";
export type { EppoOriginOptions, EppoSourceOptions } from "./source/options.js";
