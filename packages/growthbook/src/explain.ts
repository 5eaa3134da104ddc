// Descriptions and explanations for the command line, in an entry that applications do not load.

export { growthbookExplainer } from "./dialect/explain/explainer.js";
