import { describe, expect, it } from "vitest";
import { measure } from "./million.js";

describe("1,000,000 lines", () => {
  it.each([{ options: [] }, { options: ["--events", "--dedupe", "lru:10000"] }])(
    "are all answered in constant memory, with $options",
    async ({ options }) => {
      const { linesPerSecond, peakRssBytes, ...rest } = await measure(1_000_000, options);
      const mb = Math.round(peakRssBytes / 1e6);
      console.log(`evaluate ${options}: ${Math.round(linesPerSecond)} lines/s, peak RSS ${mb} MB`);
      expect(rest).toEqual({ exitCode: 1, results: 1_000_000, errors: 1_000, isInOrder: true });
      expect(peakRssBytes).toBeGreaterThan(20e6);
      expect(peakRssBytes).toBeLessThan(250e6);
    },
  );
});
