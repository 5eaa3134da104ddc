// Descriptions and explanations for the command line, apart from what an application loads.
export { growthbookExplainer } from "./dialect/explain/explainer.js";
