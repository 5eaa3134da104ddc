// Descriptions and explanations for the command line, in an entry that applications do not load.
export { comparisonsIn } from "./dialect/explain/words.js";
export { growthbookExplainer } from "./dialect/explain/explainer.js";
