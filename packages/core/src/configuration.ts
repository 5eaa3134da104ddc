import {
  compileReceived,
  loadReceived,
  type PayloadContent,
  type ReceivedPayloads,
  receive,
} from "./configuration/received.js";
import {
  hintsOn,
  type OptionHints,
  rejectUnknownOptions,
  requireMethods,
  requireOptions,
} from "./errors/option-checks.js";
import type { Configuration as CompiledConfiguration } from "./model/configuration.js";
import type { Dialect } from "./model/dialect.js";

/** The contents of a configuration of any dialect: its payloads by the names of their parts. */
export interface DialectConfigurationInput {
  readonly dialect: Dialect;
  readonly payloads: Readonly<Record<string, PayloadContent>>;
  readonly fetchedAtMs?: number | undefined;
}

/** An immutable, compiled configuration, with the bytes that it was created from. */
export type Configuration = CompiledConfiguration;

/** Creates configurations from the caller's content. */
export const Configuration: {
  /**
   * Creates a configuration from bytes or strings, which it copies. Damage inside a flag affects only that flag, see
   * `issues`.
   *
   * @throws DecodeError if a whole payload is unusable. The message names the argument.
   * @throws OptionError if the dialect must prepare its payloads first. Use {@link load} then.
   */
  from(input: DialectConfigurationInput): Configuration;
  /**
   * Like {@link from}, but in slices that yield to the event loop, and with the dialect's asynchronous preparation
   * (decryption) if it has one.
   *
   * Rejects with a DecodeError if a whole payload is unusable.
   */
  load(input: DialectConfigurationInput): Promise<Configuration>;
} = {
  from: (input) => compileReceived(readInput(input)),
  // Async, so that errors in options also reject.
  load: async (input) => loadReceived(readInput(input)),
};

/** Returns what to write instead of the members that Eppo's configurations have in `@sortition/node`. */
function namesFor(dialect: Dialect | undefined): OptionHints["names"] {
  const parts = dialect?.endpoints?.map(({ part }) => part).join(", ") || "flags";
  const form = `use payloads: { ${parts} }`;
  return { flagsConfiguration: form, banditsConfiguration: form, configuration: form };
}

function readInput(input: DialectConfigurationInput): ReceivedPayloads {
  requireOptions(input, "options", ": write Configuration.from({ dialect, payloads })");
  rejectUnknownOptions(input, ["dialect", "payloads", "fetchedAtMs"], undefined, () => ({
    ...hintsOn("/reference/client.md"),
    names: namesFor(input.dialect),
  }));
  const { dialect, fetchedAtMs, payloads } = input;
  requireMethods("dialect", dialect ?? null, ["compile"], ", such as dialect: growthbook()");
  requireMethods("payloads", payloads ?? null, [], ", such as { flags: body }");
  return receive(dialect, payloads, fetchedAtMs, (part) => `payloads.${part}`);
}
