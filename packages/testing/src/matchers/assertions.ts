import { AssertionError } from "node:assert";
import type { Attributes, Client } from "@sortition/core";
import type { ExposureRecorder } from "../exposures/record-exposures.js";
import type { VariationName } from "../subjects/probe.js";
import { haveAssigned } from "./assigned.js";
import { type ExpectedExposure, haveExposed, haveExposedNothing } from "./exposed.js";
import type { Verdict } from "./verdict.js";

/**
 * The recorder has logged assignments of this flag.
 *
 * @throws AssertionError
 */
export function assertExposed(
  exposures: ExposureRecorder,
  flagKey: string,
  expected: ExpectedExposure = {},
): void {
  assertThat(haveExposed("assertExposed", exposures, flagKey, expected), assertExposed);
}

/**
 * The recorder has logged neither an assignment nor the choice of a bandit.
 *
 * @throws AssertionError
 */
export function assertExposedNothing(exposures: ExposureRecorder): void {
  assertThat(haveExposedNothing("assertExposedNothing", exposures), assertExposedNothing);
}

/**
 * A subject with these attributes gets the variation from the client. Nothing is logged.
 *
 * @throws AssertionError with the explanation of what it gets.
 */
export function assertAssigned(
  client: Client<object>,
  flagKey: string,
  subjectKey: string,
  variation: VariationName,
  attributes: Attributes = {},
): void {
  const given = [client, flagKey, subjectKey, variation, attributes] as const;
  assertThat(haveAssigned("assertAssigned", ...given), assertAssigned);
}

/** @param caller - where the stack of the error begins. */
function assertThat(verdict: Verdict, caller: (...given: never[]) => void): void {
  if (verdict.pass) return;
  throw new AssertionError({ message: verdict.message(), stackStartFn: caller });
}
