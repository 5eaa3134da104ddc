import { expect, it } from "vitest";
import { checkGenerated, generatedPatterns } from "./generated.js";

it("the guarantees for patterns hold for 20 generated ones", () => {
  const verdicts = [...generatedPatterns(1, 20)].map((tree, i) => checkGenerated(tree, i, 1_000));
  expect(verdicts).toEqual(expect.arrayContaining(["risky", "safe"]));
});
