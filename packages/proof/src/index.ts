export { binomialLowerTail, binomialUpperTail } from "./distributions/binomial.js";
export { chiSquareUpperTail } from "./distributions/chi-square.js";
export { normalUpperQuantile, normalUpperTail } from "./distributions/normal.js";
export {
  alwaysValidPValue,
  type BayesFactorOptions,
  lnBayesFactor,
} from "./inference/bayes-factor.js";
export { type ChiSquareTest, chiSquareTest } from "./inference/chi-square-test.js";
export type { ExactTest, ExactTestOptions } from "./inference/exact-test.js";
export { fisherTest } from "./inference/fisher-test.js";
export { holm } from "./inference/holm.js";
export { type HomogeneityTest, homogeneityTest } from "./inference/homogeneity-test.js";
export { multinomialTest } from "./inference/multinomial-test.js";
export { type ShareInterval, wilsonInterval } from "./inference/wilson-interval.js";
export { drawBinomial } from "./sampling/draw-binomial.js";
export { drawMultinomial } from "./sampling/draw-multinomial.js";
export { type Random, seededRandom } from "./sampling/seeded-random.js";
export { betaLowerTail, betaUpperTail } from "./special/incomplete-beta.js";
export { gammaLowerTail, gammaUpperTail } from "./special/incomplete-gamma.js";
export { lnGamma } from "./special/ln-gamma.js";
