export { attempt, type OddCall, type OddSide, THREW } from "./compare.js";
export { describeOddOptions, type OddOptionsSuite } from "./describe.js";
export { ODD_CONTENTS } from "./odd-values.js";
export { type Input, VendorCalls } from "./read-inputs.js";
export { ignoreRejectionsOf } from "./rejections.js";
export { PENDING, type TimeLimit, withinTime } from "./within-time.js";
