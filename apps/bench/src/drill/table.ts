import type { DrillPlan, DrillResult, Fault } from "./run-drill.js";
import { FAULTS } from "./run-drill.js";
import type { DrilledSdk } from "./sdks.js";

/** Formats the results as a Markdown table with one row per SDK, one column per fault, and a column for the slowest exit. */
export function formatDrill(
  sdks: readonly Pick<DrilledSdk, "name" | "note">[],
  results: readonly DrillResult[],
): string {
  const faults = Object.keys(FAULTS) as Fault[];
  const head = ["SDK", ...faults, "exit after close", ""];
  const rows = sdks.map(({ name, note }) => {
    const own = results.filter(({ sdk }) => sdk === name);
    const cells = faults.map((fault) => cellOf(own.find((result) => result.fault === fault)));
    return [`\`${name}\``, ...cells, exitOf(own), note];
  });
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Explains the figures of the table. */
export function explainDrill({ intervalMs, intervals, recoveryIntervals }: DrillPlan): string {
  return [
    `Each fault lasts ${intervals} intervals of ${intervalMs} ms, in which a flag is asked for at each interval. A cell says whether the last`,
    "good answer was kept, how many requests were sent, and how long after the fault the next version was served",
    `(at most ${recoveryIntervals} intervals were waited). Exit: from \`close\`, while the server hangs, to the end of the process by itself.`,
  ].join("\n");
}

/** Returns a claim of the README: our slowest recovery, rounded up to tenths of a second. Empty if none of our packages took part. */
export function slowestReturn(results: readonly DrillResult[], plan: DrillPlan): string {
  const ours = results.filter(({ sdk }) => sdk.startsWith("@sortition/"));
  if (ours.length === 0) return "";
  const returns = ours.flatMap(({ recoveryMs }) => recoveryMs ?? []);
  const { intervalMs, intervals } = plan;
  const after = `with a poll interval of ${intervalMs / 1_000} s, after ${intervals} intervals of hangs, drips, errors or garbage`;
  return returns.length < ours.length
    ? `one of ours did not follow again, ${after}`
    : `${Math.ceil(Math.max(...returns) / 100) / 10} seconds at most until it follows again, ${after}`;
}

function cellOf(result: DrillResult | undefined): string {
  if (result === undefined) return "";
  const { failure, faults, looks, recoveryMs, requests, wrong } = result;
  if (failure !== null) return `**${failure}**`;
  const kept = wrong === 0 ? "kept" : `**${wrong} of ${looks} answers lost**`;
  const back = recoveryMs === null ? "**never back**" : `back after ${inWords(recoveryMs)}`;
  const thrown = faults === 0 ? [] : [`**${faults} unhandled errors**`];
  return [kept, `${requests} requests`, back, ...thrown].join(", ");
}

/** Returns the slowest exit, with the number of faults after which the process did not end. */
function exitOf(results: readonly DrillResult[]): string {
  const done = results.filter(({ failure }) => failure === null);
  const stuck = done.filter(({ exitMs }) => exitMs === null).length;
  if (stuck > 0) return `**not within 10 s** (${stuck} of ${done.length})`;
  return done.length === 0 ? "" : inWords(Math.max(...done.map(({ exitMs }) => exitMs ?? 0)));
}

function inWords(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
