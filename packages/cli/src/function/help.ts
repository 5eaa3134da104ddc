import { DOCUMENTATION_URL } from "@sortition/core/internal";
import {
  CONFIG_OPTION,
  type CommandHelp,
  DIALECT_OPTION,
  HELP_OPTION,
} from "../help/command-help.js";

/** Describes `sortition function`. */
export const FUNCTION: CommandHelp = {
  name: "function",
  summary: "write functions that evaluate flags in BigQuery or Snowflake",
  usage: "--config FILE --target WAREHOUSE [FLAG...] [OPTIONS]",
  about: [
    "Writes two functions of a warehouse, with the engine and the configuration inside: PREFIX_assign gives a",
    "subject its variation, PREFIX_replay judges a logged exposure. Without a FLAG they have all flags. The files",
    "contain rules and lists of the configuration.",
    `How to install and call them: ${DOCUMENTATION_URL}/guides/beyond-one-machine.md`,
  ],
  options: [
    CONFIG_OPTION,
    {
      name: "target",
      value: "WAREHOUSE",
      help: ["bigquery: library.js, assign.sql, replay.sql; snowflake: assign.sql, replay.sql"],
    },
    {
      name: "out",
      value: "DIR",
      help: ["where the files are written (default: the current folder)"],
    },
    {
      name: "name",
      value: "PREFIX",
      help: ["of the functions, e.g. my_dataset.sortition (default: sortition)"],
    },
    {
      name: "library",
      value: "gs://…",
      help: ["for BigQuery: where you upload library.js"],
    },
    {
      name: "now",
      value: "TIME",
      help: [
        "the time of writing, in a comment: ISO 8601 or epoch milliseconds (default: the real time)",
      ],
    },
    DIALECT_OPTION,
    HELP_OPTION,
  ],
  dialectOptionsOf: "function",
  exitCodes: {
    0: "written",
    1: "written, and the configuration has issues",
    2: "usage error, what a warehouse cannot evaluate, or a file that cannot be read, used or written",
  },
  example: [
    "sortition function --config flags.json --target snowflake --out functions new-checkout",
  ],
};
