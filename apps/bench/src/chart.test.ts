import { describe, expect, it } from "vitest";
import { drawChart } from "./chart.js";
import type { ParticipantReport, Report } from "./report.js";

const participant = (name: string, min: number, ratio: number | null): ParticipantReport => ({
  name,
  min,
  median: min,
  p99: min,
  max: min,
  ratio,
  operationsPerRound: 1,
  rounds: [min],
  checksum: 0,
});

type Cell = readonly [id: string, title: string, ...participants: ParticipantReport[]];

const chartOf = (...cells: readonly Cell[]): string => {
  const report: Report = {
    startedAt: "2026-01-01T00:00:00.000Z",
    mode: "full",
    machine: { node: "v20", platform: "any", processor: "A & B", cores: 2, loadAverage: 0 },
    cells: [
      ...cells.map(([id, title, ...participants]) => ({
        id,
        title,
        state: "measured" as const,
        unit: "ns" as const,
        answersCompared: 1,
        hasTail: false,
        participants,
        absences: [],
        targets: [],
      })),
      { id: "eppo:X", title: "another", state: "aborted", reason: "an answer was wrong" },
    ],
  };
  return drawChart(report);
};

const cellOf = (id: string, ratio: number | null, vendor = "vendor"): Cell => [
  id,
  "a cell",
  participant("sortition", 100, 1),
  participant(vendor, 100 * (ratio ?? 0), ratio),
  participant("floor: a hash", 50, 0.5),
];

/** Left end and width of the bars. */
const barsOf = (svg: string): readonly (readonly [number, number])[] =>
  [...svg.matchAll(/<rect x='([\d.]+)' y='\d+' width='([\d.]+)' height='9'/g)].map(
    ([, left, width]) => [Number(left), Number(width)] as const,
  );

const sizeOf = (svg: string): readonly number[] =>
  [.../width='(\d+)' height='(\d+)'/.exec(svg)!].slice(1).map(Number);

describe("drawChart", () => {
  it("starts every bar at ours, and draws equal factors with equal length", () => {
    const bars = barsOf(chartOf(cellOf("eppo:W1", 10), cellOf("eppo:W2", 100)));
    const [[left, ten] = [0, 0], [other, hundred] = [0, 0]] = bars;
    expect(bars).toHaveLength(2);
    expect(other).toBe(left);
    expect(hundred).toBeCloseTo(2 * ten, 0);
  });

  it("draws to the left where the vendor needs less", () => {
    const [[slower] = [0], [left, width] = [0, 0]] = barsOf(
      chartOf(cellOf("eppo:W1", 10), cellOf("eppo:W2", 0.5)),
    );
    expect(left).toBeLessThan(slower);
    expect(left + width).toBeCloseTo(slower, 0);
  });

  it("names the cell and the factor", () => {
    const svg = chartOf(cellOf("eppo:W1", 34.2));
    expect(svg).toContain(">W1: a cell</text>");
    expect(svg).toContain(">34 ×</text>");
  });

  it("leaves out what was not measured, has no vendor or no factor", () => {
    const alone: Cell = ["eppo:W8", "alone", participant("sortition", 1, 1)];
    const svg = chartOf(alone, cellOf("eppo:W9", null), cellOf("eppo:W1", 2));
    expect(barsOf(svg)).toHaveLength(1);
    expect(svg).not.toMatch(/another|alone|NaN|Infinity/);
  });

  it("escapes characters of SVG, and shortens long names", () => {
    const [, , ...participants] = cellOf("", 2);
    const svg = chartOf(["eppo:W1", `<${"long ".repeat(20)}`, ...participants]);
    expect(svg).toContain("A &amp; B");
    expect(svg).toMatch(/>W1: &lt;long [^<]{1,30}…<\/text>/);
  });

  it.each([
    { count: 0, because: "an empty run is a chart, too" },
    { count: 1, because: "one cell needs little" },
    { count: 100, because: "cells that do not fit are left out" },
  ])("fits 800 × 400 with $count cells of each of four vendors, because $because", ({ count }) => {
    const vendors = ["eppo", "growthbook", "amplitude", "posthog"];
    const cells = vendors.flatMap((vendor) =>
      Array.from({ length: count }, (_, i) => cellOf(`${vendor}:W${i}`, 10, vendor)),
    );
    const svg = chartOf(...cells);
    const [width, height] = sizeOf(svg);
    expect(width).toBe(800);
    expect(height).toBeLessThanOrEqual(400);
    if (count > 0) for (const vendor of vendors) expect(svg).toContain(`>${vendor}</text>`);
  });
});
