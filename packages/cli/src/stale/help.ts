import {
  CONFIG_OPTION,
  type CommandHelp,
  DIALECT_OPTION,
  HELP_OPTION,
  NOW_OPTION,
} from "../help/command-help.js";
import { FINDING_KINDS } from "./finding.js";

export const STALE: CommandHelp = {
  name: "stale",
  summary: "find flags to clean up, and their places in the code",
  usage: "--config FILE --code DIR [DIR...] [OPTIONS]",
  about: [
    "Finds flags that give everybody one variation, flags that are disabled, flags that the code does not",
    "name, and flags that the code names although they are gone. The code is searched as text, so it may be",
    "of any language. No network, no key.",
  ],
  options: [
    CONFIG_OPTION,
    { name: "code", value: "DIR", help: ["folder to search; more folders may follow the options"] },
    {
      name: "history",
      value: "DIR",
      help: ["earlier revisions, *.json: since when a flag is decided, and which flags are gone"],
    },
    {
      name: "older-than",
      value: "DAYS",
      help: ["with --history: only flags that have been decided for so long"],
    },
    {
      name: "last-use",
      value: "FILE",
      help: [
        "when flags were last evaluated: JSON of lastUse() or of the relay's /api/v1/flags,",
        "or exposures as NDJSON",
      ],
    },
    { name: "allow", value: "FILE", help: ["findings to leave out, one KIND KEY per line"] },
    {
      name: "fail-on",
      value: "KINDS",
      help: [`exit with 1 if there is one of these: ${FINDING_KINDS.join(", ")}`],
    },
    NOW_OPTION,
    { name: "json", help: ["print one JSON object for each finding instead"] },
    DIALECT_OPTION,
    HELP_OPTION,
  ],
  dialectOptionsOf: "stale",
  notes: [
    "A place is the key in quotes, or a name that generators make of it, such as testCheckout or",
    "TEST_CHECKOUT. Files that git ignores, binary files and generated files are not searched. Keys that are",
    "too short or too common are listed as ambiguous.",
  ],
  exitCodes: {
    0: "searched, and no finding of --fail-on",
    1: "there is a finding of --fail-on",
    2: "usage error, a folder without files, or a file that cannot be read or used",
  },
  example: ["sortition stale --config flags.json --code src"],
};
