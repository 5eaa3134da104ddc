export { growthbookOrigin } from "./source/growthbook-origin.js";
export { growthbookSource } from "./source/growthbook-source.js";
export type { GrowthbookOriginOptions, GrowthbookSourceOptions } from "./source/options.js";
