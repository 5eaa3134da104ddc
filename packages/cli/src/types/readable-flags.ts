import type { CompileIssue, Configuration } from "@sortition/core";
import { type Explainer, type TypedFlag, typedFlags } from "@sortition/core/dialect";
import { FileError } from "../errors.js";

/**
 * The flags of a configuration, sorted by key.
 *
 * @param name - of the file, for the error.
 * @throws FileError if its keys are hashed.
 */
export function readableFlags(
  configuration: Configuration,
  explainer: Explainer,
  issues: readonly CompileIssue[],
  name: string,
): readonly TypedFlag[] {
  const flags: TypedFlag[] = [];
  for (const flag of typedFlags(configuration, explainer, issues)) {
    if (flag.description.isHashed) {
      throw new FileError(
        `${name}: it has hashes instead of the keys of flags: fetch it with a key for servers`,
      );
    }
    flags.push(flag);
  }
  return flags;
}
