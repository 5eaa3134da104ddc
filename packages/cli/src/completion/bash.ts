import type { CompletedCommand, CompletedOption } from "./completed-command.js";

export function bashScript(commands: readonly CompletedCommand[]): string {
  const first = [...new Set(commands.map(({ words }) => words[0])), "help", "version"].join(" ");
  return `# Completion of sortition in bash: source <(sortition completion bash)
_sortition() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${first} --help --version" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${commands.map(commandCase).join("\n")}
    help)
      COMPREPLY=($(compgen -W "${first}" -- "$current"))
      ;;
  esac
}
complete -F _sortition sortition
`;
}

function commandCase(command: CompletedCommand): string {
  const [first, second] = command.words;
  const sub =
    second === undefined
      ? ""
      : `      if [ "$COMP_CWORD" -eq 2 ]; then
        COMPREPLY=($(compgen -W "${second}" -- "$current"))
        return
      fi
`;
  const options = command.options.flatMap(({ name, short }) =>
    short === null ? [`--${name}`] : [`-${short}`, `--${name}`],
  );
  const words = [...command.arguments, ...options].join(" ");
  return `    ${first})
${sub}      case "$before" in
${command.options
  .filter(({ value }) => value !== null)
  .map(valueCase)
  .join("\n")}
      esac
      COMPREPLY=($(compgen -W "${words}" -- "$current"))
      ;;`;
}

function valueCase({ name, value }: CompletedOption): string {
  const reply =
    value === "file"
      ? `COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null; return`
      : Array.isArray(value)
        ? `COMPREPLY=($(compgen -W "${value.join(" ")}" -- "$current")); return`
        : "return";
  return `        --${name}) ${reply} ;;`;
}
