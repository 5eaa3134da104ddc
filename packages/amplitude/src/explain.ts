// Descriptions and explanations for the command line and for tests, separate from the code that
// applications load.
export { amplitudeExplainer } from "./dialect/explain/explainer.js";
export { userOfSubject } from "./dialect/explain/user-of-subject.js";
