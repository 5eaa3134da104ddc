export type { OddCall, OddDifference, OddFinding, OddSide } from "./compare.js";
export { describeOddOptions, type OddOptionsSuite } from "./describe.js";
export { type Input, type InputSource, readCalls, type VendorCalls } from "./read-inputs.js";
export { ignoreRejectionsOf } from "./rejections.js";
export { PENDING, type TimeLimit, withinTime } from "./within-time.js";
