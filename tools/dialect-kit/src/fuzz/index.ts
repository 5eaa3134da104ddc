export { describeFuzzer } from "./describe.js";
export { type JsonPath, pathsOf, pathText, withNode } from "./json-path.js";
export type { Mutation } from "./mutation.js";
export type { FuzzPlan } from "./plan.js";
