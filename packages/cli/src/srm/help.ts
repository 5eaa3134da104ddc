import { EVENT_NOTES, EVENT_OPTIONS } from "../events/event-options.js";
import { CONFIG_OPTION, type CommandHelp } from "../help/command-help.js";
import { REPORT_OPTIONS } from "../report-options.js";

/** Describes `sortition srm`. */
export const SRM: CommandHelp = {
  name: "srm",
  summary: "test whether logged exposures were split as the configuration says",
  usage: "EVENTS… --config FILE [OPTIONS]",
  about: [
    "Sample-ratio mismatch: compares the first exposures of distinct subjects, by experiment, with the",
    "configured shares. An exact test up to 20,000 subjects of two variations, or where few subjects are",
    "expected; Pearson's chi-square test otherwise. A mismatch is p < 0.001. A second test stays valid",
    "however often it is run. Names the day, attribute, revision or kind of subject that a mismatch comes",
    "from, if one differs from the rest.",
  ],
  options: [
    CONFIG_OPTION,
    ...EVENT_OPTIONS,
    {
      name: "by",
      value: "ATTRIBUTES",
      help: ["attributes, e.g. country,plan: each of their values is tested, too"],
    },
    { name: "daily", help: ["show the test of each day, and of each value of --by"] },
    { name: "json", help: ["print one JSON object for each experiment instead"] },
    ...REPORT_OPTIONS,
  ],
  dialectOptionsOf: "srm",
  notes: EVENT_NOTES,
  exitCodes: {
    0: "no mismatch in what could be tested",
    1: "a mismatch, or more unreadable lines than --max-bad (they are named, the rest is judged)",
    2: "nothing to judge, no experiment that the configuration has, usage error, or a file that cannot be read or used",
  },
  example: ["sortition srm exposures.ndjson --config flags.json --by country"],
};
