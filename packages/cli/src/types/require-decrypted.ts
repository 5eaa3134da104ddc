import type { Configuration } from "@sortition/core";
import { FileError } from "../errors.js";

/**
 * Rejects a configuration with an encrypted part that was not decrypted, because its flags would appear to be
 * deleted.
 *
 * @param name - name of the file in the error.
 * @throws FileError
 */
export function requireDecrypted({ issues }: Configuration, name: string): void {
  const issue = issues.find(({ code }) => code === "undecryptable");
  if (issue === undefined) return;
  throw new FileError(`${name}: ${issue.path} ${issue.message}. Add --decryption-key`);
}
