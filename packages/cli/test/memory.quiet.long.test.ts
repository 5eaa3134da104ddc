import { describe, expect, it } from "vitest";
import { rangesConfig } from "./large-flags.js";
import { measureExplain, measureLines, measureLongLine } from "./measure.js";
import { jsonFile, parseLines } from "./run.js";

describe("sortition evaluate with 1,000,000 lines", () => {
  it.each([{ options: [] }, { options: ["--events", "--dedupe", "lru:10000"] }])(
    "evaluates all of them in constant memory, with $options",
    async ({ options }) => {
      const { linesPerSecond, peakRssBytes, ...rest } = await measureLines(1_000_000, options);
      const mb = Math.round(peakRssBytes / 1e6);
      console.log(`evaluate ${options}: ${Math.round(linesPerSecond)} lines/s, peak RSS ${mb} MB`);
      expect(rest).toEqual({ exitCode: 1, results: 1_000_000, errors: 1_000, isInOrder: true });
      expect(peakRssBytes).toBeGreaterThan(20e6);
      expect(peakRssBytes).toBeLessThan(250e6);
    },
  );
});

describe("sortition evaluate with a line of 1.1 GB", () => {
  it("buffers at most the default limit of 64 MiB, and evaluates the next line", async () => {
    const { exitCode, peakRssBytes, stdout } = await measureLongLine(1.1e9);
    console.log(`evaluate: a line of 1.1 GB, peak RSS ${Math.round(peakRssBytes / 1e6)} MB`);
    expect(parseLines(stdout).map(({ error }) => error?.code)).toEqual([
      undefined,
      "line_too_long",
      undefined,
    ]);
    expect(exitCode).toBe(1);
    expect(peakRssBytes).toBeLessThan(300e6);
  });
});

describe("sortition explain with 400,000 ranges", () => {
  it("needs eight times the memory of 50,000 ranges, not sixty-four times", async () => {
    const path = jsonFile("large.json", rangesConfig(400_000));
    const { exitCode, peakRssBytes } = await measureExplain(path, ["--json"]);
    console.log(`explain: 400,000 ranges, peak RSS ${Math.round(peakRssBytes / 1e6)} MB`);
    expect(exitCode).toBe(0);
    expect(peakRssBytes).toBeLessThan(600e6);
  });
});
