import { DOCUMENTATION_URL } from "@sortition/core/internal";
import {
  CONFIG_OPTION,
  type CommandHelp,
  DIALECT_OPTION,
  HELP_OPTION,
} from "../help/command-help.js";

export const FUNCTION: CommandHelp = {
  name: "function",
  summary: "write functions that evaluate flags in BigQuery or Snowflake",
  usage: "--config FILE --target WAREHOUSE [FLAG...] [OPTIONS]",
  about: [
    "Writes two SQL functions that contain the evaluation engine and the configuration. PREFIX_assign returns a",
    "subject's variation. PREFIX_replay checks a logged exposure. Without FLAG, the functions contain all flags.",
    "The files contain the rules and lists of the configuration.",
    `How to install and call them: ${DOCUMENTATION_URL}/guides/before-and-after.md#bigquery-and-snowflake`,
  ],
  options: [
    CONFIG_OPTION,
    {
      name: "target",
      value: "WAREHOUSE",
      help: [
        "bigquery (writes library.js, assign.sql, replay.sql) or snowflake (writes assign.sql,",
        "replay.sql)",
      ],
    },
    {
      name: "out",
      value: "DIR",
      help: ["the folder for the files (default: the current folder)"],
    },
    {
      name: "name",
      value: "PREFIX",
      help: ["prefix of the function names, e.g. my_dataset.sortition (default: sortition)"],
    },
    {
      name: "library",
      value: "gs://…",
      help: ["required for BigQuery: the URI to which you will upload library.js"],
    },
    {
      name: "now",
      value: "TIME",
      help: [
        "the creation time in comments: ISO 8601 or epoch milliseconds (default: the current time)",
      ],
    },
    DIALECT_OPTION,
    HELP_OPTION,
  ],
  dialectOptionsOf: "function",
  exitCodes: {
    0: "the files were written",
    1: "the files were written, but the configuration has issues",
    2: "usage error, a flag that a warehouse cannot evaluate, or a file that cannot be read, used or written",
  },
  example: [
    "sortition function --config flags.json --target snowflake --out functions new-checkout",
  ],
};
