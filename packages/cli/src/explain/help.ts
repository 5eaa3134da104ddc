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
  summary: "evaluate a flag for one subject and explain the result",
  usage: "FLAG --config FILE --subject KEY [OPTIONS]",
  about: [
    "Evaluates one flag for one subject, with the same result as sortition evaluate, and explains the result:",
    "which allocations, rules, conditions and shards were tested, with which values, and which one decided.",
  ],
  options: [
    CONFIG_OPTION,
    {
      name: "subject",
      value: "KEY",
      help: [
        "the subject's key, which vendors also call user_id, distinct ID, targeting key or the context's",
        'key; with GrowthBook the attribute "id", unless --attributes has one',
      ],
    },
    {
      name: "attributes",
      value: "JSON",
      help: ["the subject's attributes, as a JSON object (default: {})"],
    },
    NOW_OPTION,
    JSON_OPTION,
    DIALECT_OPTION,
    HELP_OPTION,
  ],
  dialectOptionsOf: "explain",
  exitCodes: {
    0: "evaluated; the result may be the default",
    1: "the evaluation failed, e.g. because of a malformed condition",
    2: "usage error, unknown flag, or unusable file; nothing is written to stdout",
  },
  example: [
    `sortition explain new-checkout --config flags.json --subject user-3 --attributes '{"country":"DK"}'`,
  ],
};
