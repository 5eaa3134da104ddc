import { EVENT_NOTES, EVENT_OPTIONS } from "../events/event-options.js";
import { CONFIG_OPTION, type CommandHelp, READER_GONE } from "../help/command-help.js";
import { HISTORY_OPTION } from "../history/history-options.js";
import { REPORT_OPTIONS } from "../report-options.js";

export const SRM: CommandHelp = {
  name: "srm",
  summary: "test whether subjects were split as configured (sample-ratio mismatch)",
  usage: "EVENTS… --config FILE|--history FOLDER [OPTIONS]",
  about: [
    "For each experiment, compares the first exposures of distinct subjects with the configured shares, and names the",
    "most likely cause of a mismatch (p < 0.001). In a daily job, use --always-valid, because repeated tests eventually",
    "report a false mismatch.",
  ],
  options: [
    CONFIG_OPTION,
    HISTORY_OPTION,
    {
      name: "grace",
      value: "SECONDS",
      help: [
        "with --history: time before and after a change of an experiment's split in which its exposures",
        "are skipped (default: 60)",
      ],
    },
    ...EVENT_OPTIONS,
    {
      name: "by",
      value: "ATTRIBUTES",
      help: [
        "test the values of these attributes, e.g. country,plan, which may also be the cause of a mismatch.",
        "If an attribute has more than 50 values, the rare ones are tested together",
      ],
    },
    {
      name: "always-valid",
      help: [
        "base the verdict and the exit code on the always-valid test, which may be repeated every day.",
        "It needs no minimum number of subjects",
      ],
    },
    {
      name: "fail-on",
      value: "parts",
      help: [
        "also exit with 1 if only a part of an experiment has a mismatch, such as a day or a value of",
        "--by (default: print a warning)",
      ],
    },
    { name: "daily", help: ["also show each day, and each value of the --by attributes"] },
    { name: "json", help: ["print one JSON object for each experiment instead of text"] },
    ...REPORT_OPTIONS,
  ],
  dialectOptionsOf: "srm",
  notes: EVENT_NOTES,
  exitCodes: {
    0: "no tested experiment has a mismatch (p < 0.001)",
    1: "an experiment has a mismatch, --fail-on parts found one in a part, or --max-bad is exceeded",
    2: "no exposure was found or no experiment could be tested, usage error, or a file that cannot be read or used",
    ...READER_GONE,
  },
  example: ["sortition srm exposures.ndjson --config flags.json --by country"],
};
