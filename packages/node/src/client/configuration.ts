import {
  Configuration as DialectConfiguration,
  type DialectConfigurationInput,
  type PayloadContent,
} from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import {
  compileReceived,
  loadReceived,
  type ReceivedPayloads,
  receive,
  rejectUnknownOptions,
} from "@sortition/core/internal";

/** A configuration in Eppo's format. */
export interface EppoConfigurationInput {
  /** Body of the flag configuration endpoint (UFC), plain or obfuscated. */
  readonly flagsConfiguration: PayloadContent;
  /** Body of the bandit models endpoint. */
  readonly banditsConfiguration?: PayloadContent | undefined;
  /** When it was received, epoch ms; default: now. */
  readonly fetchedAtMs?: number | undefined;
}

/** What a configuration is made from. */
export type ConfigurationInput = EppoConfigurationInput | DialectConfigurationInput;

/** An immutable, compiled configuration, with the bytes that it was made from. */
export type Configuration = DialectConfiguration;

/** Creates configurations from content that the caller has. */
export const Configuration: {
  /**
   * Creates a configuration from bytes or strings, of which it keeps a copy. Damage inside one flag affects
   * that flag only, see `issues`.
   *
   * @throws DecodeError if a payload as a whole is unusable; its message names the argument.
   */
  from(input: ConfigurationInput): Configuration;
  /**
   * Like {@link from}, in slices that yield to the event loop, and for dialects that must decrypt first.
   *
   * Rejects with a DecodeError if a payload as a whole is unusable.
   */
  load(input: ConfigurationInput): Promise<Configuration>;
} = {
  from: (input) =>
    hasDialect(input) ? DialectConfiguration.from(input) : compileReceived(readEppo(input)),
  // Errors in options reject, too.
  load: async (input) =>
    hasDialect(input) ? DialectConfiguration.load(input) : loadReceived(readEppo(input)),
};

/** An option that is `undefined` counts as absent. */
function hasDialect(input: ConfigurationInput | undefined): input is DialectConfigurationInput {
  const { dialect, payloads }: Partial<DialectConfigurationInput> = { ...input };
  return dialect !== undefined || payloads !== undefined;
}

function readEppo(input: EppoConfigurationInput): ReceivedPayloads {
  rejectUnknownOptions(input, ["flagsConfiguration", "banditsConfiguration", "fetchedAtMs"]);
  const { banditsConfiguration: bandits, fetchedAtMs, flagsConfiguration: flags } = input;
  const contents = bandits === undefined ? { flags } : { flags, bandits };
  return receive(eppo(), contents, fetchedAtMs, (part) => `${part}Configuration`);
}
