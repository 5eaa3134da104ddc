import { type CommandHelp, HELP_OPTION } from "../help/command-help.js";

export const COMPLETION: CommandHelp = {
  name: "completion",
  summary: "print a script that completes this command in a shell",
  usage: "bash|zsh|fish",
  about: [
    "Prints a script that completes commands, options, names of dialects and files. Load it where the shell",
    "starts.",
  ],
  options: [HELP_OPTION],
  exitCodes: { 0: "printed", 2: "usage error; nothing is written to stdout" },
  example: [
    "source <(sortition completion bash)                                     # in ~/.bashrc",
    "source <(sortition completion zsh)                                      # in ~/.zshrc, after compinit",
    "sortition completion fish > ~/.config/fish/completions/sortition.fish",
  ],
};
