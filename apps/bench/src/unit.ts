const SCALES = {
  ns: { ns: 1, µs: 1e3, ms: 1e6, s: 1e9 },
  bytes: { B: 1, KiB: 2 ** 10, MiB: 2 ** 20 },
};

export type Unit = keyof typeof SCALES | "packages";

/** Formats a figure with three significant digits in a suitable unit. */
export function formatFigure(figure: number, unit: Unit): string {
  if (unit === "packages") return `${figure}`;
  const steps = Object.entries(SCALES[unit]);
  const [name, size] = steps.findLast(([, size]) => Math.abs(figure) >= size) ?? steps[0]!; // there are some
  const scaled = figure / size;
  const digits =
    Math.abs(scaled) < 100 && !Number.isInteger(scaled) ? scaled.toPrecision(3) : scaled.toFixed();
  return `${digits} ${name}`;
}
