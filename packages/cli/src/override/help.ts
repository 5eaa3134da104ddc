import { type CommandHelp, HELP_OPTION } from "../help/command-help.js";

export const OVERRIDE: CommandHelp = {
  name: "override",
  summary: "print a link that shows variations to testers",
  usage: "--flag FLAG=VARIATION --audience NAME --url URL [OPTIONS]",
  about: [
    "Prints a link that shows variations of flags in the browser that opens it, until the link expires. The page asks",
    "for confirmation. Overridden values are not logged as exposures. The link is sealed with a secret of webFlags, which",
    "is read from the variable FLAGS_SECRET. Sends nothing and reads no configuration, so keys are not checked.",
  ],
  options: [
    {
      name: "flag",
      value: "FLAG=VARIATION",
      isRepeated: true,
      help: ["the key of a flag and of its variation; repeat it for several flags"],
    },
    {
      name: "audience",
      value: "NAME",
      help: ["the audience of webFlags, such as shop-production"],
    },
    {
      name: "url",
      value: "URL",
      help: ["the address of the route that exports overrides"],
    },
    {
      name: "expires",
      value: "TIME",
      help: ["how long the link works: 30m, 1h; at most 24h (default: 1h)"],
    },
    {
      name: "subject",
      value: "KEY",
      help: ["the only subject that gets the variations (default: whoever opens the link)"],
    },
    HELP_OPTION,
  ],
  exitCodes: {
    0: "the link was printed",
    2: "usage error, or the secret is missing or invalid; nothing is written to stdout",
  },
  example: [
    "FLAGS_SECRET=… sortition override --flag checkout=fast --audience shop-production --url https://shop.example/overrides",
  ],
};
