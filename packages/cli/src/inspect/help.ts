import {
  CONFIG_OPTION,
  type CommandHelp,
  DIALECT_OPTION,
  HELP_OPTION,
  JSON_OPTION,
  NOW_OPTION,
} from "../help/command-help.js";

export const INSPECT: CommandHelp = {
  name: "inspect",
  summary: "show the content of a configuration and its issues",
  usage: "--config FILE [FLAG...] [OPTIONS]",
  about: [
    "Shows the content of a configuration: its flags with their types and allocations, whether each allocation",
    "is open, its rules, and the share of traffic for each variation. Also lists all issues. Needs no network",
    "and no SDK key.",
  ],
  options: [CONFIG_OPTION, NOW_OPTION, JSON_OPTION, DIALECT_OPTION, HELP_OPTION],
  dialectOptionsOf: "inspect",
  exitCodes: {
    0: "the configuration has no issues",
    1: "the configuration has issues",
    2: "usage error, unknown flag, or unusable file; nothing is written to stdout",
  },
  example: ["sortition inspect --config flags.json new-checkout"],
};
