import { expect, it } from "vitest";
import { checkGenerated, generatedPatterns } from "./generated.js";

it("holds for 20 generated patterns what is promised of all", () => {
  const verdicts = [...generatedPatterns(1, 20)].map((tree, i) => checkGenerated(tree, i, 1_000));
  expect(verdicts).toEqual(expect.arrayContaining(["risky", "safe"]));
});
