import type { CliDialect } from "../dialects/dialect.js";
import { dialectHelp, optionHelp } from "../help-text.js";

/** What `sortition explain --help` prints. */
export function explainHelp(dialects: readonly CliDialect[]): string {
  const names = dialects.map(({ name }) => name);
  return `Usage: sortition explain FLAG --config FILE --subject KEY [OPTIONS]

Answers one request as sortition evaluate would, and shows how the answer was found: each allocation,
rule, condition and shard, what was compared, and what decided. No network, no key.

Options:
${optionHelp("--config FILE", ["the vendor's payload, unchanged"])}
${optionHelp("--subject KEY", ["the subject's key"])}
${optionHelp("--attributes JSON", ["the subject's attributes, an object (default: {})"])}
${optionHelp("--now TIME", ["the clock: ISO 8601 or epoch milliseconds (default: the real time)"])}
${optionHelp("--json", ["print one JSON object instead"])}
${optionHelp("--dialect NAME", [`the vendor's format and semantics: ${names.join("|")} (default: ${names[0]})`])}
${optionHelp("-h, --help", ["this help"])}

${dialectHelp("explain", dialects)}

Exit codes:
  0   answered, possibly with the default
  1   answered with the default because the evaluation failed, e.g. by a broken condition
  2   usage error, or a file that cannot be read or used; nothing is written to stdout

Example:
  sortition explain new-checkout --config flags.json --subject user-3 --attributes '{"country":"DK"}'
`;
}
