import type { CliDialect } from "../dialects/dialect.js";
import { dialectHelp, optionHelp } from "../help-text.js";

/** What `sortition inspect --help` prints. */
export function inspectHelp(dialects: readonly CliDialect[]): string {
  const names = dialects.map(({ name }) => name);
  return `Usage: sortition inspect --config FILE [FLAG...] [OPTIONS]

Shows what a configuration contains: flags, their types and allocations, which of those are open, who
passes their rules, what share of the traffic each variation gets, and everything that is wrong. No
network, no key.

Options:
${optionHelp("--config FILE", ["the vendor's payload, unchanged"])}
${optionHelp("--now TIME", ["the clock: ISO 8601 or epoch milliseconds (default: the real time)"])}
${optionHelp("--json", ["print one JSON object instead"])}
${optionHelp("--dialect NAME", [`the vendor's format and semantics: ${names.join("|")} (default: ${names[0]})`])}
${optionHelp("-h, --help", ["this help"])}

${dialectHelp("inspect", dialects)}

Exit codes:
  0   shown, and nothing is wrong with it
  1   shown, and it has issues
  2   usage error, or a file that cannot be read or used; nothing is written to stdout

Example:
  sortition inspect --config flags.json new-checkout
`;
}
