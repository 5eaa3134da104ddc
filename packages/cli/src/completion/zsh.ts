import type { CompletedCommand, CompletedOption } from "./completed-command.js";

/** A script for zsh, after `compinit`. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  const summaries = [
    ...commands.map(({ summary, words }) => described(words[0] ?? "", summary)),
    described("help", "help of a command"),
    described("version", "the version"),
  ];
  const names = commands.map(({ words }) => words[0]).join(" ");
  return `#compdef sortition
# Completion of sortition in zsh: source <(sortition completion zsh)
_sortition() {
  local -a commands
  commands=(
${summaries.map((line) => `    ${line}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "$words[2]" in
${commands.map(commandCase).join("\n")}
    help) compadd ${names} ;;
  esac
}
if [[ "$funcstack[1]" = _sortition ]]; then
  _sortition "$@"
else
  compdef _sortition sortition
fi
`;
}

function commandCase({ arguments: words, options, words: name }: CompletedCommand): string {
  const [first, second] = name;
  const values = words.length === 0 ? "" : ` '1:argument:(${words.join(" ")})'`;
  const specs = options.map((option) => `        ${optionSpec(option)}`).join(" \\\n");
  const sub =
    second === undefined
      ? ""
      : `      if (( CURRENT == 3 )); then compadd ${second}; return; fi
      shift words; (( CURRENT-- ))
`;
  return `    ${first})
${sub}      shift words; (( CURRENT-- ))
      _arguments${values} \\
${specs}
      ;;`;
}

function optionSpec({ name, summary, value }: CompletedOption): string {
  const action =
    value === null
      ? ""
      : value === "file"
        ? ":file:_files"
        : Array.isArray(value)
          ? `:value:(${value.join(" ")})`
          : ":value:";
  return quoted(`--${name}[${summary.replace(/[[\]:]/g, "\\$&")}]${action}`);
}

function described(name: string, summary: string): string {
  return quoted(`${name}:${summary}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
