export { compareAnswers, type Difference, NOTHING } from "./compare.js";
export { CoverageCounts, product } from "./coverage-counts.js";
export { type DifferentialSuite, describeDifferential } from "./describe.js";
export {
  type Edge,
  edges,
  jsonObject,
  jsonTextOf,
  MISSING,
  pickEdge,
  rawNumber,
} from "./edge.js";
export { type NamedDifference, unexplainedOf } from "./named-difference.js";
export type { ComparedCase, DifferentialPlan, Tally } from "./plan.js";
export {
  endProgramClock,
  passTime,
  settled,
  startProgramClock,
} from "./program-clock.js";
export { isSeedGiven, Random, seedOr } from "./random.js";
export {
  type DifferentialResult,
  type DifferentialRun,
  runDifferential,
} from "./run.js";
export { runOf } from "./runs.js";
