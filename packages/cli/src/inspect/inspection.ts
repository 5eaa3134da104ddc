import type { CompileIssue, Configuration } from "@sortition/core";
import type { BanditDescription, FlagDescription } from "@sortition/core/dialect";
import type { InspectExtras } from "../dialects/dialect.js";
import { noSuchFlag } from "../judge/no-such-flag.js";
import type { InspectOptions } from "./options.js";

/** The shown content of a configuration. */
export interface Inspection {
  readonly configuration: Configuration;
  readonly nowMs: number;
  readonly flags: readonly FlagDescription[];
  readonly bandits: readonly BanditDescription[];
  /** Issues of the shown flags. If all flags are shown, issues outside flags are included. */
  readonly issues: readonly CompileIssue[];
  /** Output that only this dialect has. */
  readonly extras: InspectExtras;
}

/**
 * Reads a configuration and describes its content.
 *
 * @throws UsageError, FileError
 */
export async function inspectConfiguration(options: InspectOptions): Promise<Inspection> {
  const { dialect, flags, nowMs } = options;
  const opened = await dialect.open({ ...options, warn: () => {} }); // all issues are shown
  const { configuration } = opened;
  const { explainer } = dialect;
  const keys = flags.map((flag) => {
    const key = explainer.payloadKey(configuration, flag);
    if (key !== null) return key;
    throw noSuchFlag(flag, configuration.flagKeys);
  });
  const isPart = keys.length > 0;
  const shown = new Set(isPart ? keys : configuration.flagKeys);
  return {
    configuration,
    nowMs: nowMs ?? Date.now(),
    flags: [...shown].map((key) => explainer.describe(configuration, key)),
    bandits: isPart ? [] : explainer.describeBandits(configuration),
    issues: opened
      .issues()
      .filter(({ flagKey }) => (flagKey === null ? !isPart : shown.has(flagKey))),
    extras: { summary: [], fields: {}, paragraphs: [], ...dialect.inspectExtras?.(configuration) },
  };
}
