import { type CommandOption, DIALECT_OPTION, HELP_OPTION } from "./help/command-help.js";
import { HTML_OPTION } from "./html/html-option.js";
import { usedOptions } from "./html/used-options.js";
import { SAMPLE_OPTIONS, type Sample, sampleOf } from "./keys/sample.js";
import { ROW_LIMIT_OPTIONS, type RowLimits, rowLimitsOf } from "./rows/row-limits.js";

/** The last options of all commands that read subjects or exposures. */
export const REPORT_OPTIONS: readonly CommandOption[] = [
  ...ROW_LIMIT_OPTIONS,
  HTML_OPTION,
  ...SAMPLE_OPTIONS,
  { name: "quiet", help: ["do not show progress on stderr"] },
  DIALECT_OPTION,
  HELP_OPTION,
];

/** Options for reading subjects or exposures and for writing a report. */
export interface ReportOptions {
  readonly isJson: boolean;
  /** Path of the page; `null` to write none. */
  readonly htmlPath: string | null;
  /** The subjects to judge; `null` for all. */
  readonly sample: Sample | null;
  readonly rowLimits: RowLimits;
  /** Whether no progress is shown. */
  readonly isQuiet: boolean;
  /** The options as given on the command line, for the page. */
  readonly usedOptions: string;
}

/** @throws UsageError */
export function reportOptionsOf(given: ReadonlyMap<string, string>): ReportOptions {
  return {
    isJson: given.has("json"),
    htmlPath: given.get("html") ?? null,
    sample: sampleOf(given),
    rowLimits: rowLimitsOf(given),
    isQuiet: given.has("quiet"),
    usedOptions: usedOptions(given),
  };
}
