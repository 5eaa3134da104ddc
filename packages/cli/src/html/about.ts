import { VERSION } from "../version.js";

/** What a page is made from, so that a reader can make it again. */
export interface PageSource {
  /** E.g. `srm`. */
  readonly command: string;
  readonly dialect: string;
  readonly configurations: readonly { readonly name: string; readonly revision: string }[];
  readonly eventsName: string;
  /** Times of the first and the last exposure; `null`: there is none. */
  readonly times: readonly [string, string] | null;
}

/** Configurations that a page names. */
const MAX_NAMED = 5;

/** Terms and descriptions, for the head of a page. */
export function aboutOf(source: PageSource): readonly (readonly [string, string])[] {
  const { command, configurations, dialect, eventsName, times } = source;
  const named = configurations
    .slice(0, MAX_NAMED)
    .map(({ name, revision }) => `${fileText(name)}, revision ${revision}`);
  const others = configurations.length - named.length;
  return [
    ["Exposures", fileText(eventsName)],
    ["Time", times === null ? "none" : times[0] === times[1] ? times[0] : times.join(" to ")],
    ["Configuration", [...named, ...(others > 0 ? [`and ${others} more`] : [])].join("; ")],
    ["Made by", `sortition ${command}, dialect ${dialect}, version ${VERSION}`],
  ];
}

function fileText(path: string): string {
  return path === "-" ? "stdin" : path;
}
