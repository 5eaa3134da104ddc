import type { CliDialect } from "../dialects/dialect.js";
import { dialectHelp, optionHelp } from "../help-text.js";
import { DEFAULT_MAX_LINE_BYTES } from "./lines.js";

/** What `sortition evaluate --help` prints. */
export function evaluateHelp(dialects: readonly CliDialect[]): string {
  const names = dialects.map(({ name }) => name).join("|");
  return `Usage: sortition evaluate --dialect ${names} --config FILE [OPTIONS]

Answers a stream of requests against one configuration file, as the vendor's own Node SDK would:
one JSON object per line in, one per line out, in the same order. No network, no key.

Options:
${optionHelp("--dialect NAME", [`the vendor's format and semantics: ${names}`])}
${optionHelp("--config FILE", ["the vendor's payload, unchanged"])}
${optionHelp("--requests FILE|-", ["the requests; - or absent: stdin"])}
${optionHelp("--now TIME", ["the clock of the whole run: ISO 8601 or epoch milliseconds;", "a line's own now wins; absent: the real time"])}
${optionHelp("--events", ["results also contain the events that the SDK would have logged"])}
${optionHelp("--max-line-bytes N", [`longest request line (default: ${DEFAULT_MAX_LINE_BYTES}); a longer one is not read`, "into memory and answered with the error line_too_long"])}
${optionHelp("--quiet", ["no progress on stderr"])}
${optionHelp("-h, --help", ["this help"])}

${dialectHelp("evaluate", dialects)}

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
