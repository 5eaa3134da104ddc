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
  summary: "show what a configuration contains, and what is wrong with it",
  usage: "--config FILE [FLAG...] [OPTIONS]",
  about: [
    "Shows what a configuration contains: flags, their types and allocations, which of those are open, who",
    "passes their rules, what share of the traffic each variation gets, and everything that is wrong. No",
    "network, no key.",
  ],
  options: [CONFIG_OPTION, NOW_OPTION, JSON_OPTION, DIALECT_OPTION, HELP_OPTION],
  dialectOptionsOf: "inspect",
  exitCodes: {
    0: "shown, and nothing is wrong with it",
    1: "shown, and it has issues",
    2: "usage error, no such flag, or a file that cannot be read or used; nothing is written to stdout",
  },
  example: ["sortition inspect --config flags.json new-checkout"],
};
