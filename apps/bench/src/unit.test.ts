import { describe, expect, it } from "vitest";
import { formatFigure, type Unit } from "./unit.js";

describe("formatFigure", () => {
  it.each<{ figure: number; unit: Unit; text: string; because: string }>([
    { figure: 258.94, unit: "ns", text: "259 ns", because: "three digits suffice" },
    { figure: 1_105, unit: "ns", text: "1.10 µs", because: "figures have three digits" },
    { figure: 5e6, unit: "ns", text: "5 ms", because: "a round figure stays round" },
    { figure: 2.5e9, unit: "ns", text: "2.50 s", because: "seconds are the largest unit" },
    {
      figure: -3e6,
      unit: "ns",
      text: "-3 ms",
      because: "it may be less than its reference",
    },
    { figure: 0, unit: "bytes", text: "0 B", because: "0 gets the smallest unit" },
    { figure: 600 * 1024, unit: "bytes", text: "600 KiB", because: "sizes go by 1024" },
    { figure: 20_730_000, unit: "bytes", text: "19.8 MiB", because: "MiB are the largest unit" },
    { figure: 3, unit: "packages", text: "3", because: "a count needs no unit" },
  ])("writes $figure $unit as $text, because $because", ({ figure, unit, text }) => {
    expect(formatFigure(figure, unit)).toBe(text);
  });
});
