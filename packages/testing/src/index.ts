export type { FakeClock, PendingTimer } from "@sortition/test-kit/fake-clock";
export type { Json, Order, Scalar, Split, Test } from "@sortition/test-kit/flags";
export { fakeClock } from "./clock/fake-clock.js";
export {
  type Exposure,
  type ExposureRecorder,
  recordExposures,
} from "./exposures/record-exposures.js";
export type { BanditBuilder } from "./flags/bandit.js";
export type { BooleanFlag } from "./flags/boolean-flag.js";
export {
  absent,
  type Condition,
  doesNotMatch,
  gt,
  gte,
  lt,
  lte,
  matches,
  noneOf,
  present,
} from "./flags/conditions.js";
export type { Given, Giving, RuledFlag } from "./flags/ruled-flag.js";
export { rollout, type Shares, split } from "./flags/split.js";
export {
  type TestClientOptions,
  type TestFlags,
  type TestFlagsOptions,
  testFlags,
} from "./flags/test-flags.js";
export type { ValueFlag } from "./flags/value-flag.js";
export { everyVariation } from "./subjects/every-variation.js";
export type { VariationName } from "./subjects/probe.js";
export { type Spread, type SpreadOptions, spread } from "./subjects/spread.js";
export { NoSubjectError, type SubjectsOptions, subjectsIn } from "./subjects/subjects-in.js";
