export type Unit = "ns" | "bytes" | "packages";

/** Formats a figure with three significant digits in a suitable unit. */
export function formatFigure(figure: number, unit: Unit): string {
  if (unit === "packages") return `${figure}`;
  const scale = unit === "ns" ? TIMES : SIZES;
  const [size, name] = scale.findLast(([size]) => Math.abs(figure) >= size) ?? scale[0];
  const scaled = figure / size;
  const digits =
    Math.abs(scaled) < 100 && !Number.isInteger(scaled) ? scaled.toPrecision(3) : scaled.toFixed();
  return `${digits} ${name}`;
}

type Scale = readonly [Step, ...Step[]];
type Step = readonly [size: number, name: string];

const TIMES: Scale = [
  [1, "ns"],
  [1e3, "µs"],
  [1e6, "ms"],
  [1e9, "s"],
];
const SIZES: Scale = [
  [1, "B"],
  [2 ** 10, "KiB"],
  [2 ** 20, "MiB"],
];
