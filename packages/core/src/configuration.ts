import { loadConfiguration } from "./configuration/load.js";
import { eppo } from "./eppo/dialect.js";
import { DecodeError, OptionError } from "./errors/errors.js";
import { rejectUnknownOptions } from "./errors/option-checks.js";
import type { Configuration as CompiledConfiguration, Payload } from "./model/configuration.js";
import type { Dialect } from "./model/dialect.js";
import { hostDigest } from "./runtime/digest.js";
import { bytesOf } from "./runtime/text.js";

/** Bytes or string of a payload. */
export type PayloadContent = Uint8Array | string;

/** A configuration in the format of the native dialect. */
export interface EppoConfigurationInput {
  /** Body of the flag configuration endpoint (UFC), plain or obfuscated. */
  readonly flagsConfiguration: PayloadContent;
  /** Body of the bandit models endpoint. */
  readonly banditsConfiguration?: PayloadContent | undefined;
  /** When it was received, epoch ms; default: now. */
  readonly fetchedAtMs?: number | undefined;
}

/** A configuration of any dialect: its payloads by the names of their parts. */
export interface DialectConfigurationInput {
  readonly dialect: Dialect;
  readonly payloads: Readonly<Record<string, PayloadContent>>;
  readonly fetchedAtMs?: number | undefined;
}

/** What a configuration is made from. */
export type ConfigurationInput = EppoConfigurationInput | DialectConfigurationInput;

/** An immutable, compiled configuration, with the bytes that it was made from. */
export type Configuration = CompiledConfiguration;

/** Makes configurations by hand. */
export const Configuration: {
  /**
   * Makes a configuration from bytes or strings, of which it keeps a copy. Damage inside one flag is
   * that flag's failure, see `issues`.
   *
   * @throws DecodeError if a payload as a whole is unusable; its message names the argument.
   * @throws OptionError if the dialect must prepare its payloads first; use {@link load} then.
   */
  from(input: ConfigurationInput): Configuration;
  /**
   * Like {@link from}, in slices that yield to the event loop, and with the dialect's asynchronous
   * preparation (decryption) if it has one.
   *
   * Rejects with a DecodeError if a payload as a whole is unusable.
   */
  load(input: ConfigurationInput): Promise<Configuration>;
} = { from, load };

function from(input: ConfigurationInput): Configuration {
  const { dialect, payloads } = read(input);
  if (dialect.prepare !== undefined) {
    const problem = `"${dialect.name}" prepares its payloads first: use Configuration.load`;
    throw new OptionError("dialect", problem);
  }
  try {
    return dialect.compile({ payloads, prepared: null, former: null });
  } catch (error) {
    throw namingArgument(error, input);
  }
}

async function load(input: ConfigurationInput): Promise<Configuration> {
  const { dialect, payloads } = read(input);
  const loaded = await loadConfiguration(dialect, payloads, null, hostDigest);
  if (loaded.outcome === "rejected") throw namingArgument(loaded.error, input);
  return (loaded as Extract<typeof loaded, { outcome: "changed" }>).configuration; // there is no former one
}

function read(input: ConfigurationInput): { dialect: Dialect; payloads: readonly Payload[] } {
  const fetchedAtMs = input.fetchedAtMs ?? Date.now();
  if (Number.isNaN(new Date(fetchedAtMs).getTime())) {
    throw new OptionError("fetchedAtMs", "expected a time in epoch ms");
  }
  const payload = (part: string, content: unknown, option: string): Payload => {
    if (typeof content !== "string" && !ArrayBuffer.isView(content)) {
      throw new OptionError(option, "expected bytes or a string");
    }
    return { part, bytes: copyOf(content), etag: null, fetchedAtMs, from: "static" };
  };
  if ("dialect" in input) {
    rejectUnknownOptions(input, ["dialect", "payloads", "fetchedAtMs"]);
    const parts = Object.entries(input.payloads);
    return {
      dialect: input.dialect,
      payloads: parts.map(([part, content]) => payload(part, content, `payloads.${part}`)),
    };
  }
  rejectUnknownOptions(input, ["flagsConfiguration", "banditsConfiguration", "fetchedAtMs"]);
  const { flagsConfiguration: flags, banditsConfiguration: bandits } = input;
  return {
    dialect: eppo(),
    payloads: [
      payload("flags", flags, "flagsConfiguration"),
      ...(bandits === undefined ? [] : [payload("bandits", bandits, "banditsConfiguration")]),
    ],
  };
}

/** A copy as plain bytes: nobody else can write into it. */
function copyOf(content: string | ArrayBufferView): Uint8Array {
  if (typeof content === "string") return bytesOf(content);
  return new Uint8Array(content.buffer, content.byteOffset, content.byteLength).slice();
}

function namingArgument(error: unknown, input: ConfigurationInput): unknown {
  if (!(error instanceof DecodeError) || error.part === null) return error;
  const part = "dialect" in input ? `payloads.${error.part}` : `${error.part}Configuration`;
  return new DecodeError(error.path, error.problem, { cause: error.cause, part });
}
