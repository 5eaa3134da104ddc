import { DOCUMENTATION_URL } from "@sortition/core/internal";
import { type CommandHelp, NOW_OPTION } from "../help/command-help.js";
import { REPORT_OPTIONS } from "../report-options.js";
import { SEPARATOR_OPTION } from "../rows/separator.js";
import { FAILURES } from "./limits.js";

export const DIFF: CommandHelp = {
  name: "diff",
  summary: "show what a new configuration changes, who moves, and why",
  usage: "OLD NEW [--subjects FILE] [OPTIONS]",
  about: [
    "Compares two configurations of one dialect: flags, allocations, rules, windows, splits and values. With",
    "subjects it evaluates both for each of them, and says who moves and by which change. Without, it",
    "computes exact shares where no rule reads attributes, and evaluates 100,000 made-up keys elsewhere.",
    "If OLD and NEW are of different dialects, it compares the values that subjects get. Without subjects,",
    "up to 2,000 are made up for each flag from the rules of both.",
  ],
  options: [
    {
      name: "subjects",
      value: "FILE|FOLDER|-",
      help: [
        "rows with subjectKey or subject, and subjectAttributes, or with what requests of sortition",
        "evaluate have: NDJSON or CSV with a header, also compressed by gzip; -: stdin",
      ],
    },
    {
      name: "map",
      value: "NAME=COLUMN,…|FILE",
      help: [
        "columns of other rows of subjects: subject, attributes (JSON), attributes.NAME or",
        "attributes.NAME:TYPE, which converts to string, number, boolean or json; between two",
        "dialects also a JSON file with the names of flags, values and attributes in NEW",
      ],
    },
    SEPARATOR_OPTION,
    NOW_OPTION,
    {
      name: "flags",
      value: "NAMES",
      help: ["only these flags; needed to see who moves where keys of flags are hashes"],
    },
    { name: "max-moved", value: "N|P%", help: ["of a flag; if more subjects move, exit with 1"] },
    {
      name: "fail-on",
      value: "CHANGES",
      help: [`if there is one of these, exit with 1: ${[...FAILURES.keys()].join(", ")}`],
    },
    { name: "list", help: ["show lines of the subjects that move, 20 of each kind"] },
    { name: "show-subjects", help: ["with --list: show the keys of subjects, too"] },
    { name: "json", help: ["print one JSON object for each flag instead"] },
    {
      name: "dialect-new",
      value: "NAME",
      help: ["the dialect of NEW (default: OLD's, unless NEW shows another one)"],
    },
    ...REPORT_OPTIONS,
  ],
  dialectOptionsOf: "diff",
  notes: [
    "An option of a dialect applies to both configurations; with -new at its end, such as",
    "--decryption-key-new, to NEW alone.",
    `Two dialects: ${DOCUMENTATION_URL}/migrate/between-vendors.md`,
    `Output of --json: ${DOCUMENTATION_URL}/reference/cli-json.md`,
  ],
  exitCodes: {
    0: "compared, and within the limits",
    1: "more than --max-moved, a flag that it could not check, a change of --fail-on, or more unreadable lines than --max-bad",
    2: "no subject, usage error, or a file that cannot be read or used; nothing is written to stdout",
  },
  example: ["sortition diff flags.json new-flags.json --max-moved 5% --fail-on salt-changed"],
};
