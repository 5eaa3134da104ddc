import { describe, expect, it } from "vitest";
import { PauseBudget } from "./pause-budget.js";

describe("PauseBudget", () => {
  it("allows pauses of 20 ms in total per second", () => {
    const budget = new PauseBudget();
    for (const secondMs of [500, 1_500]) {
      expect(budget.spend(secondMs, 19)).toBe(0);
      expect(budget.spend(secondMs + 100, 1)).toBe(900);
    }
  });

  it("allows 50 short pauses per second", () => {
    const budget = new PauseBudget();
    for (const secondMs of [500, 1_500]) {
      const restsMs = Array.from({ length: 50 }, (_, i) => budget.spend(secondMs + i, 0.1));
      expect(restsMs.filter((ms) => ms > 0)).toEqual([951]);
      expect(restsMs.at(-1)).toBe(951);
    }
  });
});
