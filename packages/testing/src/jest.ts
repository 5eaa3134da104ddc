import { describe, expect, it } from "@jest/globals";
import type { Attributes, Client } from "@sortition/core";
import { describeVariations, type VariationTest } from "./matchers/describe-every-variation.js";
import { matchers, type SortitionMatchers } from "./matchers/matchers.js";

export type { VariationTest } from "./matchers/describe-every-variation.js";
export type { ExpectedExposure } from "./matchers/exposed.js";
export type { SortitionMatchers } from "./matchers/matchers.js";

// Importing this entry registers the matchers, as Jest's `setupFilesAfterEnv` expects.
expect.extend(matchers);

declare module "@jest/expect" {
  // For `expect` of `@jest/globals`.
  interface Matchers<R extends void | Promise<void>> extends SortitionMatchers<R> {}
}

declare global {
  // For the global `expect` of `@types/jest`.
  // biome-ignore lint/style/noNamespace: @types/jest declares this namespace.
  namespace jest {
    interface Matchers<R> extends SortitionMatchers<R> {}
  }
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
