import type { DialectOption, OptionReader } from "../dialect.js";

const NAME = "decryption-key";
const VARIABLE = "SORTITION_DECRYPTION_KEY";

export const KEY_OPTION: DialectOption = {
  name: NAME,
  value: "KEY",
  help: [`opens an encrypted payload (default: ${VARIABLE} of the environment)`],
  commands: [
    "evaluate",
    "explain",
    "inspect",
    "diff",
    "replay",
    "srm",
    "function",
    "types",
    "stale",
  ],
};

/** In Base64; `undefined`: none is given. */
export function decryptionKey(option: OptionReader): string | undefined {
  return option(NAME) ?? process.env[VARIABLE];
}
