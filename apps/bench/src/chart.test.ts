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

const chartOf = (...participants: readonly ParticipantReport[]): string => {
  const report: Report = {
    startedAt: "2026-01-01T00:00:00.000Z",
    mode: "full",
    machine: { node: "v20", platform: "any", processor: "A & B", cores: 2, loadAverage: 0 },
    cells: [
      {
        id: "T",
        title: "a cell",
        state: "measured",
        unit: "ns",
        answersCompared: 1,
        hasTail: false,
        participants,
        absences: [],
        targets: [],
      },
      { id: "X", title: "another", state: "aborted", reason: "an answer was wrong" },
    ],
  };
  return drawChart(report);
};

/** Left end and width of the bars of one colour, without the one of the legend. */
const barsOf = (svg: string, fill: string): readonly (readonly [number, number])[] =>
  [...svg.matchAll(/<rect x='([\d.]+)' y='\d+' width='([\d.]+)' height='12' fill='(.*?)'/g)]
    .filter(([, , , colour]) => colour === fill)
    .map(([, left, width]) => [Number(left), Number(width)] as const)
    .slice(1);

describe("drawChart", () => {
  const svg = chartOf(
    participant("sortition", 100, 1),
    participant("vendor", 1_000, 10),
    participant("vendor, slower", 10_000, 100),
    participant("floor: a hash", 50, 0.5),
  );

  it("starts every bar at ours, and draws equal factors with equal length", () => {
    const [[ours, oursWidth] = [0, 0]] = barsOf(svg, "#2563eb");
    const [[ten, tenWidth] = [0, 0], [hundred, hundredWidth] = [0, 0]] = barsOf(svg, "#64748b");
    expect(oursWidth).toBe(4);
    expect([ten, hundred]).toEqual([ours, ours]);
    expect(hundredWidth - oursWidth).toBeCloseTo(2 * (tenWidth - oursWidth), 0);
  });

  it("draws smaller figures to the left", () => {
    const [[ours] = [0]] = barsOf(svg, "#2563eb");
    const [[left, width] = [0, 0]] = barsOf(svg, "#cbd5e1");
    expect(left).toBeLessThan(ours);
    expect(left + width).toBeCloseTo(ours + 4, 0);
  });

  it("writes figures and factors beside them", () => {
    expect(svg).toContain(">10 µs</text>");
    expect(svg).toContain(">0.50 ×</text>");
  });

  it("writes figures without bars if ours is 0", () => {
    const bare = chartOf(participant("sortition", 0, null), participant("vendor", 500, null));
    expect(barsOf(bare, "#64748b")).toEqual([]);
    expect(bare).toContain(">500 ns</text>");
    expect(bare).not.toContain("NaN");
  });

  it("escapes characters of SVG, and leaves out cells that were not measured", () => {
    expect(svg).toContain("A &amp; B");
    expect(svg).not.toContain("another");
  });
});
