// Descriptions and explanations for the command line and for tests, apart from what an application loads.
export { amplitudeExplainer, explainForUser } from "./dialect/explain/explainer.js";
export { userOfSubject } from "./dialect/explain/user-of-subject.js";
