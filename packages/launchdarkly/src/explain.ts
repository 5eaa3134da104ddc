// Descriptions and explanations for the command line and for tests, in an entry that applications do not load.
export { launchdarklyExplainer } from "./dialect/explain/explainer.js";
