import { EVENT_NOTES, EVENT_OPTIONS } from "../events/event-options.js";
import { CONFIG_OPTION, type CommandHelp } from "../help/command-help.js";
import { REPORT_OPTIONS } from "../report-options.js";

export const SRM: CommandHelp = {
  name: "srm",
  summary: "test whether logged exposures were split as the configuration says",
  usage: "EVENTS… --config FILE [OPTIONS]",
  about: [
    "Finds sample-ratio mismatches: compares the first exposures of distinct subjects with the configured",
    "shares, for each experiment. A mismatch is p < 0.001, by an exact test for few subjects and Pearson's",
    "chi-square test for many. A second test stays valid however often you run it, but does not set the exit",
    "code. If a day, an attribute value, the time before the configuration was published or a kind of subject",
    "differs from the rest, the command names it as the cause.",
  ],
  options: [
    CONFIG_OPTION,
    ...EVENT_OPTIONS,
    {
      name: "by",
      value: "ATTRIBUTES",
      help: ["also test each value of these attributes, e.g. country,plan"],
    },
    { name: "daily", help: ["show each day, and each value of --by"] },
    { name: "json", help: ["print one JSON object for each experiment instead"] },
    ...REPORT_OPTIONS,
  ],
  dialectOptionsOf: "srm",
  notes: EVENT_NOTES,
  exitCodes: {
    0: "no mismatch in the experiments that could be tested",
    1: "a mismatch, or more unreadable lines than --max-bad (the rest is judged)",
    2: "nothing to judge, no experiment of the configuration, usage error, or a file that cannot be read or used",
  },
  example: ["sortition srm exposures.ndjson --config flags.json --by country"],
};
