import { DIALECTS } from "./dialects.js";

const COLUMN = 22;

/** What `sortition evaluate --help` prints. */
export function evaluateHelp(): string {
  const names = DIALECTS.map(({ name }) => name).join("|");
  return `Usage: sortition evaluate --dialect ${names} --config FILE [OPTIONS]

Answers a stream of requests against one configuration file, as the vendor's own Node SDK would:
one JSON object per line in, one per line out, in the same order. No network, no key.

Options:
${option("--dialect NAME", [`the vendor's format and semantics: ${names}`])}
${option("--config FILE", ["the vendor's payload, unchanged"])}
${option("--requests FILE|-", ["the requests; - or absent: stdin"])}
${option("--now TIME", ["the clock of the whole run: ISO 8601 or epoch milliseconds;", "a line's own now wins; absent: the real time"])}
${option("--events", ["results carry the events that the SDK would have logged"])}
${option("--quiet", ["no progress on stderr"])}
${option("-h, --help", ["this help"])}
${DIALECTS.map(({ name, options, help }) =>
  [
    `\nDialect ${name}:`,
    ...options.map((it) => option(`--${it.name} ${it.value}`, it.help)),
    ...help.map((line) => `  ${line}`),
  ].join("\n"),
).join("\n")}

Every request may also have id (any JSON value, echoed; else the line number) and now (the clock of
that line).

Exit codes:
  0   every line is answered
  1   some lines are answered with {"id", "error": {"code", "message"}}, all others are answered
  2   usage error, or a file that cannot be read or used; nothing is written to stdout

Example:
  echo '{"flag":"new-checkout","type":"boolean","default":false,"subjectKey":"user-3"}' |
    sortition evaluate --dialect eppo --config flags.json --now 2026-02-01T12:00:00Z
`;
}

function option(name: string, lines: readonly string[]): string {
  return lines.map((line, i) => `  ${(i === 0 ? name : "").padEnd(COLUMN)}${line}`).join("\n");
}
