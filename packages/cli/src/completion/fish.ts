import type { CompletedCommand, CompletedOption } from "./completed-command.js";

export function fishScript(commands: readonly CompletedCommand[]): string {
  const named = (name: string, summary: string): string =>
    `complete -c sortition -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`;
  return [
    "# Completion of sortition in fish: sortition completion fish > ~/.config/fish/completions/sortition.fish",
    "complete -c sortition -f",
    ...commands.map(({ summary, words }) => named(words[0] ?? "", summary)),
    named("help", "help of a command"),
    named("version", "the version"),
    ...commands.flatMap(commandLines),
    "",
  ].join("\n");
}

function commandLines({ arguments: values, options, words }: CompletedCommand): readonly string[] {
  const [first, ...rest] = words;
  const when = `-n "__fish_seen_subcommand_from ${first}"`;
  const further = [...rest, ...values];
  return [
    ...(further.length === 0 ? [] : [`complete -c sortition ${when} -a "${further.join(" ")}"`]),
    ...options.map((option) => optionLine(option, when)),
  ];
}

function optionLine({ name, short, summary, value }: CompletedOption, when: string): string {
  const letter = short === null ? "" : ` -s ${short}`;
  const argument =
    value === null
      ? ""
      : value === "file"
        ? " -r -F"
        : Array.isArray(value)
          ? ` -x -a "${value.join(" ")}"`
          : " -x";
  return `complete -c sortition ${when} -l ${name}${letter}${argument} -d ${quoted(summary)}`;
}

/** In fish, a backslash escapes inside single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
