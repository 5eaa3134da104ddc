import type { CompileIssue, Configuration } from "@sortition/core";
import type { Explainer, FlagDescription } from "@sortition/core/dialect";
import { type TypedFlag, typedFlags } from "@sortition/core/dialect-internal";
import { FileError } from "../errors.js";

/**
 * Returns the flags of a configuration, sorted by key.
 *
 * @param name - name of the file in the error.
 * @throws FileError if the flag keys are hashed.
 */
export function readableFlags(
  configuration: Configuration,
  explainer: Explainer,
  issues: readonly CompileIssue[],
  name: string,
): readonly TypedFlag[] {
  const flags: TypedFlag[] = [];
  for (const flag of typedFlags(configuration, explainer, issues)) {
    requireReadable(flag.description, name);
    flags.push(flag);
  }
  return flags;
}

/** @throws FileError if the flag's key is hashed. */
export function requireReadable({ isHashed }: FlagDescription, name: string): void {
  if (!isHashed) return;
  throw new FileError(
    `${name}: the flag keys are hashed. Download the configuration with a server-side SDK key`,
  );
}
