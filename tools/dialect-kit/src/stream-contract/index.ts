export { describeStreamFaults } from "./describe.js";
export type { StreamFaultsHarness } from "./harness.js";
