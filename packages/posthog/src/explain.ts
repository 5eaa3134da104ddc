// Descriptions and explanations for the command line and for tests, in an entry that applications do not load.
export { posthogExplainer } from "./dialect/explain/explainer.js";
