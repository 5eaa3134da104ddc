import { type CommandHelp, HELP_OPTION } from "../help/command-help.js";

export const OVERRIDE: CommandHelp = {
  name: "override",
  summary: "print a link that shows variations to testers",
  usage: "--flag FLAG=VARIATION --audience NAME --url URL [OPTIONS]",
  about: [
    "Prints a link for an application that uses @sortition/web. The browser in which a tester opens and confirms it shows",
    "the variations until the link expires. The link is encrypted with the secret in the environment variable",
    "FLAGS_SECRET, which must be one of webFlags' secrets. The command cannot check the keys of flags and variations.",
  ],
  options: [
    {
      name: "flag",
      value: "FLAG=VARIATION",
      isRepeated: true,
      help: ["the keys of a flag and of the variation to show; repeat it for several flags"],
    },
    {
      name: "audience",
      value: "NAME",
      help: ["the audience passed to webFlags, such as shop-production"],
    },
    {
      name: "url",
      value: "URL",
      help: ["the address of the application's route for overrides"],
    },
    {
      name: "expires",
      value: "TIME",
      help: ["how long the link and the variations last, such as 30m; at most 24h (default: 1h)"],
    },
    {
      name: "subject",
      value: "KEY",
      help: ["show the variations only to this subject (default: anyone who opens the link)"],
    },
    {
      name: "path",
      value: "PATH",
      help: ["the page to show after the confirmation, such as /checkout (default: /)"],
    },
    HELP_OPTION,
  ],
  exitCodes: {
    0: "the link was printed",
    2: "usage error, or a missing or invalid secret; nothing is written to stdout",
  },
  example: [
    "FLAGS_SECRET=… sortition override --flag checkout=fast --audience shop-production --url https://shop.example/api/overrides",
  ],
};
