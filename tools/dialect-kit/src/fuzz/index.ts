export { describeFuzzer, type FuzzSuite } from "./describe.js";
export { HOSTILE_VALUES, type HostileValue } from "./hostile-values.js";
export { type JsonPath, pathsOf, pathText, withNode } from "./json-path.js";
export type { Mutation } from "./mutation.js";
export type { FuzzPlan, FuzzSample } from "./plan.js";
export { type FuzzFinding, type FuzzResult, runFuzzer } from "./run.js";
