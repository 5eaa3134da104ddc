import type { Attributes } from "@sortition/core";
import type { VariationName } from "../subjects/probe.js";
import { haveAssigned } from "./assigned.js";
import { type ExpectedExposure, haveExposed, haveExposedNothing } from "./exposed.js";
import type { Verdict } from "./verdict.js";

/** The matchers that are added to `expect(…)`. */
export interface SortitionMatchers<Result> {
  /** Passes if the recorder received assignments of this flag. */
  toHaveExposed(flagKey: string, expected?: ExpectedExposure): Result;
  /** Passes if the recorder received neither an assignment nor a bandit action. */
  toHaveExposedNothing(): Result;
  /** Passes if the client assigns the variation to a subject with these attributes. Nothing is logged. */
  toHaveAssigned(
    flagKey: string,
    subjectKey: string,
    variation: VariationName,
    attributes?: Attributes,
  ): Result;
}

/** The matchers in the shape that `expect.extend` of vitest and Jest expects. */
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
