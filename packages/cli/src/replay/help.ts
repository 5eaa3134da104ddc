import { EVENT_NOTES, EVENT_OPTIONS } from "../events/event-options.js";
import { CONFIG_OPTION, type CommandHelp, READER_GONE } from "../help/command-help.js";
import { HISTORY_OPTION } from "../history/history-options.js";
import { REPORT_OPTIONS } from "../report-options.js";

export const REPLAY: CommandHelp = {
  name: "replay",
  summary: "check logged exposures against the configuration that was in force",
  usage: "EVENTS… --config FILE|--history FOLDER [OPTIONS]",
  about: [
    "Evaluates each logged exposure again, with its subject, attributes and time, and compares the result with",
    "what was logged. An exposure is unjudged if it cannot be evaluated or lacks an attribute that a rule reads. It is",
    "left out if its variation was forced or kept by a sticky bucket.",
  ],
  options: [
    CONFIG_OPTION,
    HISTORY_OPTION,
    {
      name: "grace",
      value: "SECONDS",
      help: [
        "with --history: time before and after a change of revisions in which an exposure may match",
        "either of them (default: 60)",
      ],
    },
    {
      name: "until",
      value: "TIME",
      help: [
        "the latest valid time: ISO 8601 with a zone, or epoch milliseconds (default: one hour from now).",
        "Later exposures are reported as out of time, like those older than the first revision",
      ],
    },
    ...EVENT_OPTIONS,
    { name: "list", help: ["show each wrong exposure, and what decided the correct result"] },
    { name: "show-subjects", help: ["with --list: also show the keys of subjects"] },
    {
      name: "max-wrong",
      value: "N|P%",
      help: ["number or percentage of the exposures of known flags that may be wrong (default: 0)"],
    },
    {
      name: "max-unknown",
      value: "N|P%",
      help: [
        "number or percentage of all exposures that may be of flags that the configuration does not",
        "contain (default: 0)",
      ],
    },
    {
      name: "max-unjudged",
      value: "N|P%",
      help: [
        "number or percentage of the exposures of known flags that may remain unjudged, for example",
        "because an attribute is missing (default: 50%)",
      ],
    },
    { name: "json", help: ["print one JSON object per line instead of text"] },
    ...REPORT_OPTIONS,
  ],
  dialectOptionsOf: "replay",
  notes: EVENT_NOTES,
  exitCodes: {
    0: "no limit for wrong, unknown, unjudged or unreadable exposures is exceeded",
    1: "--max-wrong, --max-unknown, --max-unjudged or --max-bad is exceeded (all readable lines were checked)",
    2: "no exposure was found or could be judged, usage error, or a file that cannot be read or used",
    ...READER_GONE,
  },
  example: ["sortition replay exposures.ndjson --config flags.json --list"],
};
