import { EVENT_NOTES, EVENT_OPTIONS } from "../events/event-options.js";
import { CONFIG_OPTION, type CommandHelp } from "../help/command-help.js";
import { REPORT_OPTIONS } from "../report-options.js";

export const REPLAY: CommandHelp = {
  name: "replay",
  summary: "judge logged exposures by the configuration that was in force",
  usage: "EVENTS… --config FILE|--history FOLDER [OPTIONS]",
  about: [
    "Evaluates each logged exposure again, with its subject and attributes, and compares the results: right,",
    "another variation, not in the experiment, no such flag, or right by another revision. An exposure that",
    "lacks what a rule reads is not judged, and never counted as right.",
  ],
  options: [
    CONFIG_OPTION,
    {
      name: "history",
      value: "FOLDER",
      help: [
        "instead of --config: a folder of revisions, *.json; each is in force since it was published or,",
        "if it does not say when, since its file was written. Events are judged by the revision of their time",
      ],
    },
    {
      name: "grace",
      value: "SECONDS",
      help: ["time around a change in which events may be of either revision (default: 60)"],
    },
    {
      name: "until",
      value: "TIME",
      help: [
        "later exposures are counted as out of time, like those older than the first revision of",
        "--history: ISO 8601 with a zone, or epoch milliseconds (default: in an hour)",
      ],
    },
    ...EVENT_OPTIONS,
    { name: "list", help: ["show each wrong exposure, and what decided it"] },
    { name: "show-subjects", help: ["with --list: also show the keys of subjects"] },
    {
      name: "max-wrong",
      value: "N|P%",
      help: ["number or percentage of exposures that may be wrong (default: 0)"],
    },
    {
      name: "max-unjudged",
      value: "N|P%",
      help: [
        "number or percentage of exposures that may not be judged, for lack of attributes for example;",
        "exposures of unknown flags do not count (default: 50%)",
      ],
    },
    { name: "json", help: ["print one JSON object a line instead"] },
    ...REPORT_OPTIONS,
  ],
  dialectOptionsOf: "replay",
  notes: EVENT_NOTES,
  exitCodes: {
    0: "at most --max-wrong exposures are wrong, and at most --max-unjudged could not be judged",
    1: "more are wrong or not judged, or more lines are unreadable than --max-bad allows (the rest is judged)",
    2: "nothing to judge, no exposure could be judged, usage error, or a file that cannot be read or used",
  },
  example: ["sortition replay exposures.ndjson --config flags.json --list"],
};
