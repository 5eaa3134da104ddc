import type { Attributes, Client } from "@sortition/core";
import { describe, expect, it } from "vitest";
import { describeVariations, type VariationTest } from "./matchers/describe-every-variation.js";
import { matchers, type SortitionMatchers } from "./matchers/matchers.js";

export type { VariationTest } from "./matchers/describe-every-variation.js";
export type { ExpectedExposure } from "./matchers/exposed.js";
export type { SortitionMatchers } from "./matchers/matchers.js";

// Importing this entry registers the matchers, as vitest's `setupFiles` expects.
expect.extend(matchers);

declare module "vitest" {
  interface Matchers<T> extends SortitionMatchers<void> {}
}

/**
 * Defines one test for each variation of a flag, with a subject that gets it, so that a forgotten branch fails a test.
 *
 * @throws NoSubjectError if no subject with these attributes gets a variation.
 */
export function describeEveryVariation(
  client: Client<object>,
  flagKey: string,
  attributes: Attributes,
  test: VariationTest,
): void {
  describeVariations({ describe, it }, client, flagKey, attributes, test);
}
