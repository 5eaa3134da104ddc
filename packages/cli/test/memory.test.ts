import { describe, expect, it } from "vitest";
import { measureLines, measureLongLine } from "./measure.js";
import { parseLines } from "./run.js";

describe("50,000 lines", () => {
  it("are all answered in little memory; malformed ones too", async () => {
    const { linesPerSecond, peakRssBytes, ...rest } = await measureLines(50_000);
    console.log(`evaluate: ${Math.round(linesPerSecond)} lines/s, peak RSS ${mb(peakRssBytes)} MB`);
    expect(rest).toEqual({ exitCode: 1, results: 50_000, errors: 50, isInOrder: true });
    expect(peakRssBytes).toBeGreaterThan(20e6);
    expect(peakRssBytes).toBeLessThan(200e6);
  });
});

describe("a line of 200 MB", () => {
  it("is answered with line_too_long without being kept, and the next line as usual", async () => {
    const { exitCode, peakRssBytes, stdout } = await measureLongLine(200e6, [
      "--max-line-bytes",
      "1000000",
    ]);
    console.log(`evaluate: a line of 200 MB, peak RSS ${mb(peakRssBytes)} MB`);
    const results = parseLines(stdout).map(({ error, id }) => [id, error?.code]);
    expect(results).toEqual([
      [1, undefined],
      [2, "line_too_long"],
      [3, undefined],
    ]);
    expect(exitCode).toBe(1);
    expect(peakRssBytes).toBeGreaterThan(20e6);
    expect(peakRssBytes).toBeLessThan(150e6);
  });
});

function mb(bytes: number): number {
  return Math.round(bytes / 1e6);
}
