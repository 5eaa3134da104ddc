import {
  Configuration as DialectConfiguration,
  type DialectConfigurationInput,
  OptionError,
  type PayloadContent,
} from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import {
  compileReceived,
  loadReceived,
  type ReceivedPayloads,
  receive,
  rejectUnknownOptions,
  requireOptions,
} from "@sortition/core/internal";

/** A configuration in Eppo's format. */
export interface EppoConfigurationInput {
  /** Body of the flag configuration endpoint (UFC), plain or obfuscated. */
  readonly flagsConfiguration: PayloadContent;
  /** Body of the bandit models endpoint. */
  readonly banditsConfiguration?: PayloadContent | undefined;
  /** Time of receipt, epoch ms. Default: now. */
  readonly fetchedAtMs?: number | undefined;
}

/** Input of {@link Configuration.from}: one of Eppo's format, or of any dialect. */
export type ConfigurationInput = EppoConfigurationInput | DialectConfigurationInput;

/** An immutable, compiled configuration that keeps the bytes it was created from. */
export interface Configuration extends DialectConfiguration {}

/** Creates configurations from content that the caller already has. */
export const Configuration: {
  /**
   * Creates a configuration from bytes or strings, and keeps a copy of them. A damaged flag affects
   * only itself; see `issues`.
   *
   * @throws DecodeError if a whole payload is unusable. The message names the argument.
   */
  from(input: ConfigurationInput): Configuration;
  /**
   * Like {@link from}, but works in slices that yield to the event loop, and supports dialects that
   * have to decrypt first.
   *
   * Rejects with a DecodeError if a whole payload is unusable.
   */
  load(input: ConfigurationInput): Promise<Configuration>;
} = {
  from: (input) =>
    hasDialect(input) ? DialectConfiguration.from(input) : compileReceived(readEppo(input)),
  // Async, so that errors in options reject too.
  load: async (input) =>
    hasDialect(input) ? DialectConfiguration.load(input) : loadReceived(readEppo(input)),
};

/** An option that is `undefined` is treated as absent. */
function hasDialect(input: ConfigurationInput | undefined): input is DialectConfigurationInput {
  const { dialect, payloads }: Partial<DialectConfigurationInput> = { ...input };
  return dialect !== undefined || payloads !== undefined;
}

function readEppo(input: EppoConfigurationInput): ReceivedPayloads {
  const advice = "write Configuration.from({ flagsConfiguration })";
  requireOptions(input, "options", `: ${advice}`);
  if (ArrayBuffer.isView(input)) throw new OptionError("options", `are bytes: ${advice}`);
  if ("flags" in input) throw new OptionError("flags", `unknown option: ${advice}`);
  rejectUnknownOptions(input, ["flagsConfiguration", "banditsConfiguration", "fetchedAtMs"]);
  const { banditsConfiguration: bandits, fetchedAtMs, flagsConfiguration: flags } = input;
  for (const [name, content] of Object.entries({
    flagsConfiguration: flags,
    banditsConfiguration: bandits,
  })) {
    if (typeof content !== "string" || !/^[^{\n]+\.json$/.test(content)) continue;
    throw new OptionError(name, `is a path: pass readFileSync("${content}")`);
  }
  const contents = bandits === undefined ? { flags } : { flags, bandits };
  return receive(eppo(), contents, fetchedAtMs, (part) => `${part}Configuration`);
}
