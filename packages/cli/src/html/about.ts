import { shortTimeText } from "@sortition/core/dialect-internal";
import { countText } from "../text/values.js";
import { VERSION } from "../version.js";

/** The input and the options of a page, so that a reader can create it again. */
export interface PageSource {
  /** Name of the command, e.g. `srm`. */
  readonly command: string;
  readonly dialect: string;
  readonly configurations: readonly { readonly name: string; readonly revision: string }[];
  /** The rows that were read; `null` if there were none. */
  readonly input: { readonly kind: "Exposures" | "Subjects"; readonly name: string } | null;
  /** Times of the first and the last row, formatted; `null` if rows have no times. */
  readonly times: readonly [string, string] | null;
  /** Number of lines that could not be read. */
  readonly unread: number;
  /** Number of exposures, or evaluations of subjects, that could not be judged. */
  readonly unjudged: number;
  /** The options of the command line, see `usedOptions`. */
  readonly options: string;
  /** Time of writing, in epoch ms. */
  readonly writtenAtMs: number;
}

/** Maximum number of configurations that a page names. */
const MAX_NAMED = 5;

/** Returns the labels and values at the top of a page. */
export function aboutOf(source: PageSource): readonly (readonly [string, string])[] {
  const { command, configurations, dialect, input, options, times, writtenAtMs } = source;
  const named = configurations
    .slice(0, MAX_NAMED)
    .map(({ name, revision }) => `${fileText(name)}, revision ${revision}`);
  const others = configurations.length - named.length;
  const configuration = [...named, ...(others > 0 ? [`and ${others} more`] : [])].join("; ");
  return [
    ...(input === null
      ? []
      : [[input.kind, fileText(input.name)] as const, ["Skipped", leftOutText(source)] as const]),
    ...(input?.kind === "Exposures" ? [["Time", timesText(times)] as const] : []),
    [configurations.length === 1 ? "Configuration" : "Configurations", configuration],
    ["Options", options === "" ? "none" : options],
    [
      "Written",
      `${minuteText(writtenAtMs)} by sortition ${command}, dialect ${dialect}, version ${VERSION}`,
    ],
  ];
}

/** Formats a time without seconds. */
export function minuteText(ms: number): string {
  return shortTimeText(Math.floor(ms / 60_000) * 60_000);
}

function timesText(times: PageSource["times"]): string {
  if (times === null) return "none";
  return times[0] === times[1] ? times[0] : times.join(" to ");
}

function leftOutText({ input, unjudged, unread }: PageSource): string {
  // A subject is evaluated for each flag, so evaluations are counted instead of subjects.
  const noun = input?.kind === "Subjects" ? "evaluation" : "exposure";
  const texts = [
    ...(unread === 0 ? [] : [`${countText(unread, "line")} could not be read`]),
    ...(unjudged === 0 ? [] : [`${countText(unjudged, noun)} could not be judged`]),
  ];
  return texts.length === 0 ? "none; every line was read and judged" : texts.join("; ");
}

function fileText(path: string): string {
  return path === "-" ? "stdin" : path;
}
