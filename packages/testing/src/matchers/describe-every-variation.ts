import type { Attributes, Client } from "@sortition/core";
import { everyVariation } from "../subjects/every-variation.js";

/** Tests one variation, with a subject that gets it. */
export type VariationTest = (variation: string, subjectKey: string) => void | Promise<void>;

/** The functions of a test runner that define tests. */
export interface Runner {
  describe(name: string, body: () => void): unknown;
  it(name: string, test: () => void | Promise<void>): unknown;
}

/** Defines one test for each variation. */
export function describeVariations(
  { describe, it }: Runner,
  client: Client<object>,
  flagKey: string,
  attributes: Attributes,
  test: VariationTest,
): void {
  describe(`every variation of ${flagKey}`, () => {
    for (const [variation, subject] of everyVariation(client, flagKey, attributes)) {
      it(`${variation} (${subject})`, () => test(variation, subject));
    }
  });
}
