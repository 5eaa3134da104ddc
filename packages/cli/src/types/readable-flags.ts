import type { CompileIssue, Configuration } from "@sortition/core";
import type { Explainer } from "@sortition/core/dialect";
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
    if (flag.description.isHashed) {
      throw new FileError(
        `${name}: the flag keys are hashed. Download the configuration with a server-side SDK key`,
      );
    }
    flags.push(flag);
  }
  return flags;
}
