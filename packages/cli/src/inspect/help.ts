/** What `sortition inspect --help` prints. */
export const INSPECT_HELP = `Usage: sortition inspect --config FILE [FLAG...] [OPTIONS]

Shows what a configuration contains: flags, their types and allocations, which of those are open, who
passes their rules, what share of the traffic each variation gets, bandits, and everything that is
wrong. No network, no key.

Options:
  --config FILE       the vendor's payload, unchanged
  --now TIME          the clock: ISO 8601 or epoch milliseconds (default: the real time)
  --json              print one JSON object instead
  --dialect NAME      the vendor's format and semantics (default: eppo)
  --bandits FILE      Eppo: the bandit models
  -h, --help          this help

Exit codes:
  0   shown, and nothing is wrong with it
  1   shown, and it has issues
  2   usage error, or a file that cannot be read or used; nothing is written to stdout

Example:
  sortition inspect --config flags.json new-checkout
`;
