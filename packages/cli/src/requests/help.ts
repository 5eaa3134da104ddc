import { DEFAULT_MAX_LINE_BYTES } from "../evaluate/lines.js";
import {
  CONFIG_OPTION,
  type CommandHelp,
  DIALECT_OPTION,
  HELP_OPTION,
} from "../help/command-help.js";
import { THREADS_OPTION } from "../parts/threads-option.js";

export const EVALUATE: CommandHelp = {
  name: "evaluate",
  summary: "answer a stream of requests against one configuration file",
  usage: "[--dialect {dialects}] --config FILE [OPTIONS]",
  about: [
    "Answers a stream of requests against one configuration file, as the vendor's own Node SDK would:",
    "one JSON object per line in, one per line out, in the same order. No network, no key.",
  ],
  options: [
    DIALECT_OPTION,
    CONFIG_OPTION,
    { name: "requests", value: "FILE|-", help: ["the requests; - or absent: stdin"] },
    {
      name: "now",
      value: "TIME",
      help: [
        "the clock of the whole run: ISO 8601 or epoch milliseconds;",
        "a line's own now wins; absent: the real time",
      ],
    },
    { name: "events", help: ["results also contain the events that the SDK would have logged"] },
    {
      name: "max-line-bytes",
      value: "N",
      help: [
        `longest request line (default: ${DEFAULT_MAX_LINE_BYTES}); a longer one is not read`,
        "into memory and answered with the error line_too_long",
      ],
    },
    {
      name: "fields",
      value: "NAMES",
      help: ["only these fields of a result, e.g. id,value; errors are written in any case"],
    },
    {
      name: "format",
      value: "ndjson|csv",
      help: ["ndjson (default), or csv with the fields (default: id,value) and a column error"],
    },
    {
      name: "max-bad",
      value: "N|P%",
      help: ["lines that may be answered with an error, or which part of all (default: 0)"],
    },
    THREADS_OPTION,
    { name: "quiet", help: ["no progress on stderr"] },
    HELP_OPTION,
  ],
  dialectOptionsOf: "evaluate",
  notes: [
    "Every request may also have id (any JSON value, echoed; else the line number) and now (the clock of",
    "that line). Requests for flags that do not exist are answered, and counted on stderr at the end.",
  ],
  exitCodes: {
    0: "every line is answered, or at most --max-bad with an error",
    1: 'more lines than --max-bad are answered with {"id", "error": {"code", "message"}}, all others are answered',
    2: "usage error, or a file that cannot be read or used; nothing is written to stdout",
  },
  example: [
    `echo '{"flag":"new-checkout","type":"boolean","default":false,"subjectKey":"user-3"}' |`,
    "  sortition evaluate --dialect eppo --config flags.json --now 2026-02-01T12:00:00Z",
  ],
};
