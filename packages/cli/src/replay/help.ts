import { EVENT_NOTES, EVENT_OPTIONS } from "../events/event-options.js";
import { CONFIG_OPTION, type CommandHelp } from "../help/command-help.js";
import { REPORT_OPTIONS } from "../report-options.js";

/** Describes `sortition replay`. */
export const REPLAY: CommandHelp = {
  name: "replay",
  summary: "judge logged exposures by the configuration that was in force",
  usage: "EVENTS… --config FILE|--history FOLDER [OPTIONS]",
  about: [
    "Evaluates each logged exposure again, from the subject and the attributes that it was logged with, and",
    "compares: right, another variation, not in the experiment, no such flag, of another revision. What",
    "the event lacks cannot be judged, and is never counted as right.",
  ],
  options: [
    CONFIG_OPTION,
    {
      name: "history",
      value: "FOLDER",
      help: [
        "instead of --config: revisions, *.json, each in force since it was published, else since",
        "its file was written; an event is judged by the revision of its moment",
      ],
    },
    {
      name: "grace",
      value: "SECONDS",
      help: ["around a change, events may be of either revision (default: 60)"],
    },
    {
      name: "until",
      value: "TIME",
      help: [
        "exposures that are later, or older than the first revision of --history, are counted as",
        "out of time: ISO 8601 with a zone, or epoch milliseconds (default: in an hour)",
      ],
    },
    ...EVENT_OPTIONS,
    { name: "list", help: ["show each exposure that is wrong, with what decided"] },
    { name: "show-subjects", help: ["with --list: show the keys of subjects, too"] },
    {
      name: "max-wrong",
      value: "N|P%",
      help: ["how many exposures may be wrong, or which part of all (default: 0)"],
    },
    {
      name: "max-unjudged",
      value: "N|P%",
      help: [
        "how many exposures of flags that the configuration has may lack what the judgement",
        "needs, such as attributes (default: 50%)",
      ],
    },
    { name: "json", help: ["print one JSON object a line instead"] },
    ...REPORT_OPTIONS,
  ],
  dialectOptionsOf: "replay",
  notes: EVENT_NOTES,
  exitCodes: {
    0: "at most --max-wrong exposures are wrong, and at most --max-unjudged could not be judged",
    1: "more are, or there are more unreadable lines than --max-bad (they are named, the rest is judged)",
    2: "nothing to judge, no exposure could be judged, usage error, or a file that cannot be read or used",
  },
  example: ["sortition replay exposures.ndjson --config flags.json --list"],
};
