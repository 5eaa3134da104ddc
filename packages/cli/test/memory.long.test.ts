import { describe, expect, it } from "vitest";
import { longListConfig, rangesConfig } from "./large-flags.js";
import { measureExplain, measureLines, measureLongLine } from "./measure.js";
import { jsonFile, parseLines } from "./run.js";

describe("50,000 lines", () => {
  it("are all answered within the memory limit, including malformed lines", async () => {
    const { linesPerSecond, peakRssBytes, ...rest } = await measureLines(50_000);
    console.log(`evaluate: ${Math.round(linesPerSecond)} lines/s, peak RSS ${mb(peakRssBytes)} MB`);
    expect(rest).toEqual({ exitCode: 1, results: 50_000, errors: 50, isInOrder: true });
    expect(peakRssBytes).toBeGreaterThan(20e6);
    expect(peakRssBytes).toBeLessThan(200e6);
  });
});

describe("a line of 200 MB", () => {
  it("gets line_too_long without being buffered, and the next line is answered as usual", async () => {
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

describe("explain", () => {
  it.each([
    { config: rangesConfig(50_000), more: [], contains: " of 1,000,000, " },
    { config: rangesConfig(50_000), more: ["--json"], contains: '"totalShards": 1000000' },
    { config: longListConfig(50_000), more: [], contains: "49,992 more" },
  ])(
    "stays within the memory limit for 50,000 ranges or values, with $more",
    async ({ config, more, contains }) => {
      const path = jsonFile("large.json", config);
      const { exitCode, peakRssBytes, stdout } = await measureExplain(path, more);
      console.log(`explain ${more}: peak RSS ${mb(peakRssBytes)} MB`);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(contains);
      expect(peakRssBytes).toBeGreaterThan(20e6);
      expect(peakRssBytes).toBeLessThan(250e6);
    },
  );
});

function mb(bytes: number): number {
  return Math.round(bytes / 1e6);
}
