import type { Attributes } from "@sortition/core";
import type { VariationName } from "../subjects/probe.js";
import { haveAssigned } from "./assigned.js";
import { type ExpectedExposure, haveExposed, haveExposedNothing } from "./exposed.js";
import type { Verdict } from "./verdict.js";

/** What the matchers add to `expect(…)`. */
export interface SortitionMatchers<Result> {
  /** The recorder has logged assignments of this flag. */
  toHaveExposed(flagKey: string, expected?: ExpectedExposure): Result;
  /** The recorder has logged neither an assignment nor the choice of a bandit. */
  toHaveExposedNothing(): Result;
  /** A subject with these attributes gets the variation from the client. Nothing is logged. */
  toHaveAssigned(
    flagKey: string,
    subjectKey: string,
    variation: VariationName,
    attributes?: Attributes,
  ): Result;
}

/** The matchers as `expect.extend` of vitest and Jest takes them. */
export const matchers: {
  toHaveExposed(received: unknown, flagKey: string, expected?: ExpectedExposure): Verdict;
  toHaveExposedNothing(received: unknown): Verdict;
  toHaveAssigned(
    received: unknown,
    flagKey: string,
    subjectKey: string,
    variation: VariationName,
    attributes?: Attributes,
  ): Verdict;
} = {
  toHaveExposed: (...given) => haveExposed("toHaveExposed", ...given),
  toHaveExposedNothing: (received) => haveExposedNothing("toHaveExposedNothing", received),
  toHaveAssigned: (...given) => haveAssigned("toHaveAssigned", ...given),
};
