export type { OddCall, OddDifference, OddFinding, OddSide } from "./compare.js";
export { describeOddOptions, type OddOptionsSuite } from "./describe.js";
export { type Input, readCalls, type VendorCalls } from "./read-inputs.js";
