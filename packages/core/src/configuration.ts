import { loadConfiguration } from "./configuration/load.js";
import { DecodeError, OptionError } from "./errors/errors.js";
import { inPart } from "./errors/in-part.js";
import { rejectUnknownOptions, requireMethods } from "./errors/option-checks.js";
import type { Configuration as CompiledConfiguration, Payload } from "./model/configuration.js";
import type { Dialect } from "./model/dialect.js";
import { hostDigest } from "./runtime/digest.js";
import { bytesOf } from "./runtime/text.js";

/** Bytes or string of a payload. */
export type PayloadContent = Uint8Array | string;

/** A configuration of any dialect: its payloads by the names of their parts. */
export interface DialectConfigurationInput {
  readonly dialect: Dialect;
  readonly payloads: Readonly<Record<string, PayloadContent>>;
  readonly fetchedAtMs?: number | undefined;
}

/** An immutable, compiled configuration, with the bytes that it was made from. */
export type Configuration = CompiledConfiguration;

/** Creates configurations from content that the caller has. */
export const Configuration: {
  /**
   * Creates a configuration from bytes or strings, of which it keeps a copy. Damage inside one flag affects
   * that flag only, see `issues`.
   *
   * @throws DecodeError if a payload as a whole is unusable; its message names the argument.
   * @throws OptionError if the dialect must prepare its payloads first; use {@link load} then.
   */
  from(input: DialectConfigurationInput): Configuration;
  /**
   * Like {@link from}, in slices that yield to the event loop, and with the dialect's asynchronous
   * preparation (decryption) if it has one.
   *
   * Rejects with a DecodeError if a payload as a whole is unusable.
   */
  load(input: DialectConfigurationInput): Promise<Configuration>;
} = {
  from: (input) => compileReceived(readInput(input)),
  // Errors in options reject, too.
  load: async (input) => loadReceived(readInput(input)),
};

/** Payloads as received, and the name of the option of each part, for messages. */
export interface ReceivedPayloads {
  readonly dialect: Dialect;
  readonly payloads: readonly Payload[];
  readonly optionOf: (part: string) => string;
}

/** @throws DecodeError if a payload as a whole is unusable. */
export function compileReceived(received: ReceivedPayloads): Configuration {
  const { dialect, payloads } = received;
  if (dialect.prepare !== undefined) {
    const problem = `"${dialect.name}" prepares its payloads first: use Configuration.load`;
    throw new OptionError("dialect", problem);
  }
  try {
    return dialect.compile({ payloads, prepared: null, former: null });
  } catch (error) {
    throw namingOption(error, received);
  }
}

/** Like {@link compileReceived}, in slices, and for dialects that must decrypt first. */
export async function loadReceived(received: ReceivedPayloads): Promise<Configuration> {
  const { dialect, payloads } = received;
  const loaded = await loadConfiguration(dialect, payloads, null, hostDigest);
  if (loaded.outcome === "rejected") throw namingOption(loaded.error, received);
  return (loaded as Extract<typeof loaded, { outcome: "changed" }>).configuration; // there is no former one
}

/**
 * Creates payloads from copies of the contents.
 *
 * @throws OptionError if a content is neither bytes nor a string, or the time is not one.
 */
export function receive(
  dialect: Dialect,
  contents: Readonly<Record<string, PayloadContent>>,
  fetchedAtMs: number | undefined,
  optionOf: (part: string) => string,
): ReceivedPayloads {
  const receivedAtMs = fetchedAtMs ?? Date.now();
  if (Number.isNaN(new Date(receivedAtMs).getTime())) {
    throw new OptionError("fetchedAtMs", "expected a time in epoch ms");
  }
  const payloads = Object.entries(contents).map(([part, content]): Payload => {
    if (typeof content !== "string" && !ArrayBuffer.isView(content)) {
      throw new OptionError(optionOf(part), "expected bytes or a string");
    }
    return { part, bytes: copyOf(content), etag: null, fetchedAtMs: receivedAtMs, from: "static" };
  });
  return { dialect, payloads, optionOf };
}

function readInput(input: DialectConfigurationInput): ReceivedPayloads {
  rejectUnknownOptions(input, ["dialect", "payloads", "fetchedAtMs"]);
  const { dialect, fetchedAtMs, payloads } = input;
  requireMethods("dialect", dialect ?? null, ["compile"]);
  requireMethods("payloads", payloads ?? null, []);
  return receive(dialect, payloads, fetchedAtMs, (part) => `payloads.${part}`);
}

/** Copies content to bytes that the caller cannot change. */
function copyOf(content: string | ArrayBufferView): Uint8Array {
  if (typeof content === "string") return bytesOf(content);
  return new Uint8Array(content.buffer, content.byteOffset, content.byteLength).slice();
}

function namingOption(error: unknown, { optionOf }: ReceivedPayloads): unknown {
  const isOfPart = error instanceof DecodeError && error.part !== null;
  return isOfPart ? inPart(error, optionOf(error.part)) : error;
}
