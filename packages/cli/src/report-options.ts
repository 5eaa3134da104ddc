import type { DialectTable } from "./dialects/dialect.js";
import { type CommandOption, DIALECT_OPTION, HELP_OPTION } from "./help/command-help.js";
import { HTML_OPTION } from "./html/html-option.js";
import { usedOptions } from "./html/used-options.js";
import { SAMPLE_OPTIONS, type Sample, sampleOf } from "./keys/sample.js";
import { THREADS_OPTION, type Threads, threadsOf } from "./parts/threads-option.js";
import { ROW_LIMIT_OPTIONS, type RowLimits, rowLimitsOf } from "./rows/row-limits.js";

/** The last options of the commands that judge subjects. */
export const REPORT_OPTIONS: readonly CommandOption[] = [
  ...ROW_LIMIT_OPTIONS,
  HTML_OPTION,
  ...SAMPLE_OPTIONS,
  THREADS_OPTION,
  { name: "quiet", help: ["no progress on stderr"] },
  DIALECT_OPTION,
  HELP_OPTION,
];

/** How a command that judges subjects does its work, and what it writes. */
export interface ReportOptions {
  readonly isJson: boolean;
  /** Path of the page; `null` to write none. */
  readonly htmlPath: string | null;
  readonly threads: Threads;
  /** The subjects to judge; `null` for all. */
  readonly sample: Sample | null;
  readonly rowLimits: RowLimits;
  /** Whether no progress is shown. */
  readonly isQuiet: boolean;
  /** The options as they were typed, for the page. */
  readonly usedOptions: string;
}

/** @throws UsageError */
export function reportOptionsOf(
  given: ReadonlyMap<string, string>,
  dialects: DialectTable,
): ReportOptions {
  return {
    isJson: given.has("json"),
    htmlPath: given.get("html") ?? null,
    threads: threadsOf(given.get("threads"), dialects),
    sample: sampleOf(given),
    rowLimits: rowLimitsOf(given),
    isQuiet: given.has("quiet"),
    usedOptions: usedOptions(given),
  };
}
