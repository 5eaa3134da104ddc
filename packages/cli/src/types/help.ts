import {
  CONFIG_OPTION,
  type CommandHelp,
  DIALECT_OPTION,
  HELP_OPTION,
} from "../help/command-help.js";

export const TYPES: CommandHelp = {
  name: "types",
  summary: "write TypeScript types for the flags of a configuration",
  usage: "--config FILE [--out FILE] [--manifest FILE] [--check]",
  about: [
    "Writes an interface with the getters and values of each flag, for typed() of @sortition/node. With it, misspelled",
    "keys, getters of the wrong type and default values that are not variations do not compile. Can also write the",
    "flag manifest from which OpenFeature's CLI generates accessors.",
  ],
  options: [
    CONFIG_OPTION,
    { name: "out", value: "FILE", help: ["the TypeScript file (default: stdout)"] },
    {
      name: "manifest",
      value: "FILE",
      help: ["OpenFeature's flag manifest; existing default values are kept if their type fits"],
    },
    {
      name: "check",
      help: [
        "write nothing; print the differences from the files and exit with 1 if there are any",
      ],
    },
    DIALECT_OPTION,
    HELP_OPTION,
  ],
  dialectOptionsOf: "types",
  exitCodes: {
    0: "the files were written, or --check found no differences",
    1: "--check found differences in flags, types, values or default values",
    2: "usage error, or a file that cannot be read, used or replaced; nothing is written",
  },
  example: ["sortition types --config flags.json > flags.ts"],
};
