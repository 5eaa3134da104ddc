import type { CompileIssue, Configuration } from "@sortition/core";
import { type BanditDescription, type FlagDescription, md5Hex } from "@sortition/core/dialect";
import { UsageError } from "../errors.js";
import type { InspectOptions } from "./options.js";

/** What is shown of a configuration. */
export interface Inspection {
  readonly configuration: Configuration;
  readonly nowMs: number;
  readonly flags: readonly FlagDescription[];
  readonly bandits: readonly BanditDescription[];
  /** Of the flags that are shown; if all are, those of the bandits too. */
  readonly issues: readonly CompileIssue[];
}

/**
 * Reads a configuration and describes what is in it.
 *
 * @throws UsageError, FileError
 */
export async function inspectConfiguration(options: InspectOptions): Promise<Inspection> {
  const { dialect, dialectOptions } = options;
  const { configuration } = await dialect.open({
    configPath: options.configPath,
    hasEvents: false,
    option: (name) => dialectOptions.get(name),
    warn: () => {}, // everything that is wrong is shown
  });
  const { explainer } = dialect;
  const keys = options.flags.map((flag) => payloadKey(configuration, flag));
  const isPart = keys.length > 0;
  const shown = new Set(isPart ? keys : configuration.flagKeys);
  return {
    configuration,
    nowMs: options.nowMs ?? Date.now(),
    flags: [...shown].map((key) => explainer.describe(configuration, key)),
    bandits: isPart ? [] : explainer.describeBandits(configuration),
    issues: configuration.issues.filter(({ code, flagKey }) => {
      // Whoever gives no models does not expect any to be there.
      if (code === "bandit-model-missing" && !dialectOptions.has("bandits")) return false;
      return flagKey === null ? !isPart : shown.has(flagKey);
    }),
  };
}

/** A flag's key as the payload has it: where that has hashes, the key itself will do, too. */
function payloadKey({ flagKeys, isObfuscated }: Configuration, flag: string): string {
  if (flagKeys.has(flag)) return flag;
  const hash = isObfuscated ? md5Hex(flag) : null;
  if (hash !== null && flagKeys.has(hash)) return hash;
  throw new UsageError(`there is no flag ${JSON.stringify(flag)} in the configuration`);
}
