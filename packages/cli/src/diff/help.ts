import { DOCUMENTATION_URL } from "@sortition/core/internal";
import { type CommandHelp, NOW_OPTION, READER_GONE } from "../help/command-help.js";
import { REPORT_OPTIONS } from "../report-options.js";
import { SEPARATOR_OPTION } from "../rows/separator.js";
import { FAILURES } from "./limits.js";

const CHANGES = [...FAILURES.keys()];

export const DIFF: CommandHelp = {
  name: "diff",
  summary: "show what a new configuration changes, which subjects move, and why",
  usage: "OLD NEW [--subjects FILE] [OPTIONS]",
  about: [
    "Compares two configurations and reports the changed flags, allocations, rules, windows, splits and values.",
    "With --subjects, evaluates both configurations for each subject, and reports which subjects get another",
    "variation and which change causes it. Without --subjects, computes exact shares for flags whose rules read no",
    "attributes, and evaluates 100,000 made-up keys for other flags.",
    "If OLD and NEW have different dialects, compares the values that subjects get. Without --subjects, subjects",
    "are made up from the rules of both configurations, up to 2,000 for each flag.",
  ],
  options: [
    {
      name: "subjects",
      value: "FILE|FOLDER|-",
      help: [
        "NDJSON, or CSV with a header, optionally compressed with gzip; - reads stdin. Rows have",
        "subjectKey or subject, and subjectAttributes, or the fields of sortition evaluate's requests",
      ],
    },
    {
      name: "map",
      value: "NAME=COLUMN,…|FILE",
      help: [
        "the columns of rows in another format: subject, attributes (JSON), attributes.NAME or",
        "attributes.NAME:TYPE, which converts to string, number, boolean or json. Between two",
        "dialects, also a JSON file with the names of flags, values and attributes in NEW",
      ],
    },
    {
      name: "manifest",
      value: "FILE",
      help: [
        "between two dialects: the code's default values, from OpenFeature's flag manifest, which",
        "sortition types --manifest writes",
      ],
    },
    SEPARATOR_OPTION,
    NOW_OPTION,
    {
      name: "flags",
      value: "NAMES",
      help: [
        "compare only these flags, e.g. checkout,search-* (* matches any characters). Hashed flag keys",
        "must be named to see who moves",
      ],
    },
    {
      name: "absent",
      value: "ATTRIBUTES",
      help: [
        "attributes that subjects may really lack. Otherwise, a subject without an attribute that a",
        "changed rule reads is not measured, and is treated as moved by --max-moved",
      ],
    },
    {
      name: "max-moved",
      value: "N|P%",
      help: ["exit with 1 if more subjects than that move in any one flag (default: no limit)"],
    },
    {
      name: "fail-on",
      value: "CHANGES",
      help: [
        `exit with 1 if there are any of these changes: ${CHANGES.slice(0, 3).join(", ")},`,
        CHANGES.slice(3).join(", "),
      ],
    },
    {
      name: "list",
      help: ["list lines of subjects that move, up to 20 for each pair of variations"],
    },
    {
      name: "show-subjects",
      help: [
        "with --list: also show the keys of subjects. Between two vendors: examples show all keys and",
        "attribute values (default: only the values that rules name)",
      ],
    },
    { name: "json", help: ["print one JSON object for each flag instead of text"] },
    {
      name: "dialect-new",
      value: "NAME",
      help: ["the dialect of NEW (default: the dialect of OLD, unless another one is detected)"],
    },
    ...REPORT_OPTIONS,
  ],
  dialectOptionsOf: "diff",
  notes: [
    "The options of a dialect apply to both configurations. With the suffix -new, such as --decryption-key-new,",
    "they apply only to NEW.",
    `Two dialects: ${DOCUMENTATION_URL}/guides/change-your-vendor.md`,
    `Output of --json: ${DOCUMENTATION_URL}/reference/cli-formats.md`,
  ],
  exitCodes: {
    0: "the comparison is within the limits",
    1: "--max-moved or --max-bad is exceeded, --max-moved could not be checked, or there is a change in --fail-on",
    2: "no subject was found, usage error, or unusable file; nothing is written to stdout",
    ...READER_GONE,
  },
  example: ["sortition diff flags.json new-flags.json --max-moved 5% --fail-on salt-changed"],
};
