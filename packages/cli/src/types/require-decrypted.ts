import type { Configuration } from "@sortition/core";
import { FileError } from "../errors.js";

/**
 * Rejects a configuration with an encrypted part that was not decrypted, because its flags would seem to be deleted.
 *
 * @param name - of the file, for the error.
 * @throws FileError
 */
export function requireDecrypted({ issues }: Configuration, name: string): void {
  const issue = issues.find(({ code }) => code === "undecryptable");
  if (issue === undefined) return;
  throw new FileError(`${name}: ${issue.path} ${issue.message}: give its --decryption-key`);
}
