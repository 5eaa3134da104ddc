import { describe, expect, it } from "vitest";
import { measure } from "./million.js";

describe("50,000 lines", () => {
  it("are all answered in little memory; malformed ones too", async () => {
    const { linesPerSecond, peakRssBytes, ...rest } = await measure(50_000);
    console.log(`evaluate: ${Math.round(linesPerSecond)} lines/s, peak RSS ${mb(peakRssBytes)} MB`);
    expect(rest).toEqual({ exitCode: 1, results: 50_000, errors: 50, isInOrder: true });
    expect(peakRssBytes).toBeGreaterThan(20e6);
    expect(peakRssBytes).toBeLessThan(200e6);
  });
});

function mb(bytes: number): number {
  return Math.round(bytes / 1e6);
}
