import {
  CONFIG_OPTION,
  type CommandHelp,
  DIALECT_OPTION,
  HELP_OPTION,
  JSON_OPTION,
  NOW_OPTION,
} from "../help/command-help.js";

export const EXPLAIN: CommandHelp = {
  name: "explain",
  summary: "show why one subject gets one answer",
  usage: "FLAG --config FILE --subject KEY [OPTIONS]",
  about: [
    "Answers one request as sortition evaluate would, and shows how the answer was found: each allocation,",
    "rule, condition and shard, what was compared, and what decided. No network, no key.",
  ],
  options: [
    CONFIG_OPTION,
    { name: "subject", value: "KEY", help: ["the subject's key"] },
    {
      name: "attributes",
      value: "JSON",
      help: ["the subject's attributes, an object (default: {})"],
    },
    NOW_OPTION,
    JSON_OPTION,
    DIALECT_OPTION,
    HELP_OPTION,
  ],
  dialectOptionsOf: "explain",
  exitCodes: {
    0: "answered, possibly with the default",
    1: "answered with the default because the evaluation failed, e.g. by a broken condition",
    2: "usage error, no such flag, or a file that cannot be read or used; nothing is written to stdout",
  },
  example: [
    `sortition explain new-checkout --config flags.json --subject user-3 --attributes '{"country":"DK"}'`,
  ],
};
