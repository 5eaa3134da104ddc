import { AssertionError } from "node:assert";
import type { Attributes, Client } from "@sortition/core";
import type { ExposureRecorder } from "../exposures/record-exposures.js";
import type { VariationName } from "../subjects/probe.js";
import { haveAssigned } from "./assigned.js";
import { type ExpectedExposure, haveExposed, haveExposedNothing } from "./exposed.js";
import type { Verdict } from "./verdict.js";

/**
 * Asserts that the recorder received assignments of this flag.
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
 * Asserts that the recorder received neither an assignment nor a bandit action.
 *
 * @throws AssertionError
 */
export function assertExposedNothing(exposures: ExposureRecorder): void {
  assertThat(haveExposedNothing("assertExposedNothing", exposures), assertExposedNothing);
}

/**
 * Asserts that the client assigns the variation to a subject with these attributes. Nothing is logged.
 *
 * @throws AssertionError that explains the subject's actual result.
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

/** @param caller - function that the error's stack trace starts below. */
function assertThat(verdict: Verdict, caller: (...given: never[]) => void): void {
  if (verdict.pass) return;
  throw new AssertionError({ message: verdict.message(), stackStartFn: caller });
}
