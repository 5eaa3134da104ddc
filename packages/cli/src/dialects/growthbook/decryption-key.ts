import type { DialectOption, OptionReader } from "../dialect.js";

const NAME = "decryption-key";
const VARIABLE = "SORTITION_DECRYPTION_KEY";

export const KEY_OPTION: DialectOption = {
  name: NAME,
  value: "KEY",
  help: [`the key of an encrypted payload (default: the variable ${VARIABLE})`],
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

/** Returns the decryption key in Base64; `undefined` if none is given. */
export function decryptionKey(option: OptionReader): string | undefined {
  return option(NAME) ?? process.env[VARIABLE];
}
