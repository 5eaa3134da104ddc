import { expect, it } from "vitest";
import { checkGenerated, generatedPatterns, slowestMs } from "./generated.js";

it("the guarantees for patterns hold for 1,000 generated ones", () => {
  const verdicts = [...generatedPatterns(22, 1_000)].map((tree, i) =>
    checkGenerated(tree, i, 100_000),
  );
  expect(verdicts.filter((it) => it === "risky").length).toBeGreaterThan(50);
  expect(verdicts.filter((it) => it === "safe").length).toBeGreaterThan(300);
  expect(verdicts.filter((it) => it === "too large")).toEqual([]);
  // A pattern that backtracks would take seconds.
  expect(slowestMs).toBeLessThan(250);
});
