import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./markdown.js";

const page = (name: string): string => readFileSync(join(root, name), "utf8");
const performance = page("docs/performance.md");
const compare = page("docs/compare.md");
/** Returns the text without line breaks inside sentences. */
const readme = page("README.md").replaceAll(/\s+/g, " ");

/** Nanoseconds in the units of the tables. */
const UNITS: Readonly<Record<string, number>> = { ns: 1, µs: 1e3, ms: 1e6 };

/** Rows of `docs/performance.md` from which the figures are computed. */
const SPEEDS = [
  {
    sdk: "@eppo/node-server-sdk",
    section: "Figures",
    vendor: "Eppo",
    native: { row: "W1: one 50/50 flag, no logger", column: "Sortition" },
    logged: { row: "W6: the same, with `@sortition/eppo`", column: "Sortition" },
  },
  {
    sdk: "@growthbook/growthbook",
    section: "GrowthBook",
    vendor: "GrowthBook",
    native: { row: "W1: one 50/50 experiment", column: "native client" },
    logged: { row: "W6: with a logger, logged before", column: "drop-in" },
  },
  {
    sdk: "@amplitude/experiment-node-server",
    section: "Amplitude Experiment",
    vendor: "Amplitude",
    native: { row: "W1: one 50/50 flag", column: "Sortition" },
    logged: { row: "W6: W1 with exposures, tracked before", column: "drop-in" },
  },
  {
    sdk: "posthog-node",
    section: "PostHog",
    vendor: "posthog-node",
    native: { row: "W1: one 50/50 flag", column: "native" },
    logged: { row: "W6: with events, sent before", column: "drop-in" },
  },
];

const cellsOf = (row: string): readonly string[] =>
  row
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

/** Returns the time in a cell of a section's tables. If two columns have the same name, the first one contains the times. */
function timeOf(section: string, row: string, column: string): number {
  const text = performance.split(/^## /m).find((it) => it.startsWith(`${section}\n`)) ?? "";
  for (const [, head = "", body = ""] of text.matchAll(/^(\|.*\|)\n\|[-:| ]+\|\n((?:\|.*\n)+)/gm)) {
    const found = body
      .split("\n")
      .map(cellsOf)
      .find(([cell]) => cell === row);
    const time = found?.[cellsOf(head).indexOf(column)] ?? "";
    const [, figure, unit = ""] = /^([\d.]+) (\S+)$/.exec(time) ?? [];
    if (figure !== undefined) return Number(figure) * (UNITS[unit] ?? Number.NaN);
  }
  throw new Error(`${section} has no time for ${row}, ${column}`);
}

/** Returns the ratio between the vendor's SDK and ours, with two digits or as an integer. */
function ratioOf(speed: (typeof SPEEDS)[number], { row, column }: { row: string; column: string }) {
  const ratio = timeOf(speed.section, row, speed.vendor) / timeOf(speed.section, row, column);
  return ratio < 9.95 ? Number(ratio.toFixed(1)) : Math.round(ratio);
}

describe("the figures on the first pages", () => {
  const logged = SPEEDS.map((speed) => ratioOf(speed, speed.logged));

  it.each(SPEEDS)("of $sdk agree with docs/performance.md", (speed) => {
    const [native, withLogger] = [ratioOf(speed, speed.native), ratioOf(speed, speed.logged)];
    expect(compare).toContain(`| \`${speed.sdk}\` | ${withLogger} | ${native} |`);
  });

  it("agree with the ratios in the README", () => {
    const [eppo, growthbook, amplitude, posthog] = logged;
    expect(readme).toContain(
      `[${eppo}× (Eppo), ${growthbook}× (GrowthBook), ${amplitude}× (Amplitude) and ${posthog}× (PostHog)](docs/compare.md#speed)`,
    );
  });

  it("agree with the bars of the picture", () => {
    const bars = page("docs/at-a-glance.svg").matchAll(
      /<rect x="300".*width="([\d.]+)".*\n<text.*>([\d.]+)</g,
    );
    const [, ...vendors] = [...bars].map(([, width, figure]) => [Number(width), Number(figure)]);
    const most = Math.max(...logged);
    expect(vendors).toEqual(
      logged.map((ratio) => [Number(((270 * ratio) / most).toFixed(1)), ratio]),
    );
  });

  it("agree with the number of cases in docs/conformance.md", () => {
    const cases = [
      ...page("docs/conformance.md").matchAll(/^\| .* \| (\d+) of (\d+) \| yes \|$/gm),
    ];
    const sums = [1, 2].map((i) => cases.reduce((sum, row) => sum + Number(row[i]), 0));
    expect(sums[0]).toBe(sums[1]);
    expect(readme).toContain(`[${sums[0]} public test cases](docs/conformance.md)`);
  });

  it("contain the slowest recovery of the drill", () => {
    const rows = compare.match(/^\| `@sortition\/\w+` \|.*back after.*$/gm)?.join("\n") ?? "";
    const seconds = [...rows.matchAll(/back after ([\d.]+) (ms|s)/g)].map(
      ([, figure, unit]) => Number(figure) / (unit === "ms" ? 1_000 : 1),
    );
    const slowest = Math.ceil(10 * Math.max(...seconds)) / 10;
    expect(readme).toContain(`recover within [${slowest} s](docs/compare.md#drill)`);
  });

  it("contain the number of installed packages", () => {
    const [, ours] = /^\| W9: packages installed \| (\d+) \| (\d+) \|/m.exec(performance) ?? [];
    expect(compare).toMatch(new RegExp(`^\\| \`@sortition/node\`.* \\| ${ours} \\|`, "m"));
  });

  it("contain the number of events that the demo prints", () => {
    const printed = [
      ...page("docs/demo.md").matchAll(
        /received (\d+) assignments and (\d+) bandit actions, each exactly once/g,
      ),
    ];
    const events = printed.reduce((sum, [, assigned, chosen]) => sum + +assigned! + +chosen!, 0);
    expect(printed).toHaveLength(3);
    const text = events.toLocaleString("en");
    expect(readme).toContain(`[${text} of ${text} events](docs/demo.md)`);
  });
});
