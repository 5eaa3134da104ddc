/** What `sortition explain --help` prints. */
export const EXPLAIN_HELP = `Usage: sortition explain FLAG --config FILE --subject KEY [OPTIONS]

Answers one request as sortition evaluate would, and shows how the answer came about: each allocation,
rule, condition and shard, what was compared, and what decided. No network, no key.

Options:
  --config FILE       the vendor's payload, unchanged
  --subject KEY       the subject's key
  --attributes JSON   the subject's attributes, an object (default: {})
  --actions JSON      ask the bandit behind the flag: name to attributes; shows scores and weights
  --type TYPE         boolean, integer, numeric, string or json (default: the flag's own)
  --default JSON      the value to answer with when nothing is assigned (default: null)
  --now TIME          the clock: ISO 8601 or epoch milliseconds (default: the real time)
  --json              print one JSON object instead
  --dialect NAME      the vendor's format and semantics (default: eppo)
  --bandits FILE      Eppo: the bandit models
  -h, --help          this help

Exit codes:
  0   answered, be it with the default
  1   answered with the default because the evaluation failed, say by a broken condition
  2   usage error, or a file that cannot be read or used; nothing is written to stdout

Example:
  sortition explain new-checkout --config flags.json --subject user-3 --attributes '{"country":"DK"}'
`;
