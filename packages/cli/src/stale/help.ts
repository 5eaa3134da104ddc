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
  summary: "find flags to clean up, and where the code uses them",
  usage: "--config FILE --code DIR [DIR...] [OPTIONS]",
  about: [
    "Finds flags that give all subjects the same variation (decided), disabled flags that the code still uses, flags",
    "that the code does not use, and deleted flags that the code still uses (gone). The code is searched as text, in",
    "any language.",
  ],
  options: [
    CONFIG_OPTION,
    { name: "code", value: "DIR", help: ["folder to search; more folders may follow the options"] },
    {
      name: "history",
      value: "DIR",
      help: [
        "folder of earlier revisions (*.json), to find gone flags and how long flags have been decided",
      ],
    },
    {
      name: "older-than",
      value: "DAYS",
      help: ["with --history: list decided flags only if they have been decided for this long"],
    },
    {
      name: "last-use",
      value: "FILE",
      help: [
        "file with the last evaluation of each flag: JSON from lastUse() or the relay's /api/v1/flags,",
        "or exposures as NDJSON",
      ],
    },
    {
      name: "allow",
      value: "FILE",
      help: ["file of findings to omit, with one KIND KEY per line"],
    },
    {
      name: "fail-on",
      value: "KINDS",
      help: [`exit with 1 if there are findings of these kinds: ${FINDING_KINDS.join(", ")}`],
    },
    NOW_OPTION,
    { name: "json", help: ["print one JSON object for each finding instead of text"] },
    DIALECT_OPTION,
    HELP_OPTION,
  ],
  dialectOptionsOf: "stale",
  notes: [
    "A use of a flag is its key in quotes or in a URL, a template that may result in the key, such as test-{name}, or a",
    "name that code generators create from the key, such as testCheckout or TEST_CHECKOUT. In YAML, .env, shell and other",
    "configuration files, the key needs no quotes. Files that git ignores, generated files and Markdown are not searched.",
  ],
  exitCodes: {
    0: "no finding of a kind in --fail-on",
    1: "there is a finding of a kind in --fail-on",
    2: "usage error, a folder without files, or a file that cannot be read or used",
  },
  example: ["sortition stale --config flags.json --code src"],
};
