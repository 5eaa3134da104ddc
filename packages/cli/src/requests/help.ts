import { DEFAULT_MAX_LINE_BYTES } from "../evaluate/lines.js";
import {
  CONFIG_OPTION,
  type CommandHelp,
  DIALECT_OPTION,
  HELP_OPTION,
} from "../help/command-help.js";

export const EVALUATE: CommandHelp = {
  name: "evaluate",
  summary: "evaluate flags for a stream of requests, offline",
  usage: "[--dialect {dialects}] --config FILE [OPTIONS]",
  about: [
    "Reads requests, one JSON object per line, evaluates them with one configuration file, and writes one result",
    "per line in the same order. The results equal those of the vendor's own Node SDK. Needs no network and no",
    "SDK key.",
  ],
  options: [
    DIALECT_OPTION,
    CONFIG_OPTION,
    {
      name: "requests",
      value: "FILE|-",
      help: ["the file of requests (default: -, stdin); required with --config -"],
    },
    {
      name: "now",
      value: "TIME",
      help: [
        "the time of evaluation: ISO 8601 or epoch milliseconds (default: the current time);",
        'the field "now" of a request takes precedence',
      ],
    },
    { name: "events", help: ["add the events that the SDK would have logged to the results"] },
    {
      name: "max-line-bytes",
      value: "N",
      help: [
        `maximum length of a request (default: ${DEFAULT_MAX_LINE_BYTES}); longer lines are not read into`,
        "memory and fail with the error line_too_long",
      ],
    },
    {
      name: "fields",
      value: "NAMES",
      help: ["write only these fields of results, e.g. id,value; errors are always written"],
    },
    {
      name: "format",
      value: "ndjson|csv",
      help: [
        'ndjson, or csv with the columns of --fields (default: id,value) and a column "error"',
        "(default: ndjson)",
      ],
    },
    {
      name: "max-bad",
      value: "N|P%",
      help: ["number or percentage of lines that may fail (default: 0)"],
    },
    { name: "quiet", help: ["do not show progress on stderr"] },
    HELP_OPTION,
  ],
  dialectOptionsOf: "evaluate",
  notes: [
    'Every request may also have the fields "id" (any JSON value, which the result repeats; default: the line',
    'number) and "now" (the time of evaluation). Requests for unknown flags get the result that the SDK would',
    "return; their number is printed to stderr at the end.",
  ],
  exitCodes: {
    0: "at most --max-bad lines failed",
    1: 'more than --max-bad lines failed; their results are {"id", "error": {"code", "message"}}',
    2: "usage error or unusable file; nothing is written to stdout",
  },
  example: [
    `echo '{"flag":"new-checkout","type":"boolean","default":false,"subjectKey":"user-3"}' |`,
    "  sortition evaluate --dialect eppo --config flags.json --now 2026-02-01T12:00:00Z",
  ],
};
