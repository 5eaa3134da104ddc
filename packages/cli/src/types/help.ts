import {
  CONFIG_OPTION,
  type CommandHelp,
  DIALECT_OPTION,
  HELP_OPTION,
} from "../help/command-help.js";

export const TYPES: CommandHelp = {
  name: "types",
  summary: "write the TypeScript types of the flags of a configuration",
  usage: "--config FILE [--out FILE] [--manifest FILE] [--check]",
  about: [
    "Writes an interface with each flag, its getters and their values, for typed() of @sortition/node.",
    "Then a misspelt key, a getter of another type or a default that is no variation does not compile.",
    "Also writes the manifest from which the CLI of OpenFeature generates accessors. No network, no key.",
  ],
  options: [
    CONFIG_OPTION,
    { name: "out", value: "FILE", help: ["the TypeScript file (default: stdout)"] },
    {
      name: "manifest",
      value: "FILE",
      help: ["OpenFeature's flag manifest; default values that it has are kept if they fit"],
    },
    { name: "check", help: ["write nothing; exit with 1 and what differs from the files"] },
    DIALECT_OPTION,
    HELP_OPTION,
  ],
  dialectOptionsOf: "types",
  exitCodes: {
    0: "written, or with --check: nothing differs",
    1: "--check: flags, types, values or default values differ",
    2: "usage error, or a file that cannot be read, used or replaced; nothing is written",
  },
  example: ["sortition types --config flags.json > flags.ts"],
};
