import { isDecodeError, OptionError } from "../errors/errors.js";
import { isPromise } from "../errors/guard.js";
import { inPart } from "../errors/in-part.js";
import type { Configuration, Payload } from "../model/configuration.js";
import type { Dialect } from "../model/dialect.js";
import { hostDigest } from "../runtime/digest.js";
import { bytesOf } from "../runtime/text.js";
import { namingVendor } from "./foreign-payload.js";
import { loadConfiguration } from "./load.js";

/** A payload as bytes or as a string. */
export type PayloadContent = Uint8Array | string;

/** Payloads as received, with the name of each part's option for messages. */
export interface ReceivedPayloads {
  readonly dialect: Dialect;
  readonly payloads: readonly Payload[];
  /** Returns the name of a part's option. */
  readonly optionOf: (part: string) => string;
}

/** @throws DecodeError if a whole payload is unusable. */
export function compileReceived(received: ReceivedPayloads): Configuration {
  const { dialect, payloads } = received;
  if (dialect.prepare !== undefined) {
    const problem = `"${dialect.name}" prepares its payloads first: use Configuration.load`;
    throw new OptionError("dialect", problem);
  }
  try {
    return dialect.compile({ payloads, prepared: null, former: null });
  } catch (error) {
    throw namingOption(namingVendor(error, payloads, dialect.name), received);
  }
}

/** Like {@link compileReceived}, but in slices, and for dialects that must decrypt first. */
export async function loadReceived(received: ReceivedPayloads): Promise<Configuration> {
  const { dialect, payloads } = received;
  const loaded = await loadConfiguration(dialect, payloads, null, hostDigest);
  if (loaded.outcome === "rejected") throw namingOption(loaded.error, received);
  return (loaded as Extract<typeof loaded, { outcome: "changed" }>).configuration; // there is no previous one
}

/**
 * Creates payloads from copies of the contents.
 *
 * @throws OptionError if a content is neither bytes nor a string, or the time is invalid.
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
  if (Array.isArray(contents)) {
    const part = dialect.endpoints?.[0]?.part ?? "flags";
    throw new OptionError("payloads", `is a list: pass { ${part}: JSON.stringify(content) }`);
  }
  const payloads = Object.entries(contents).map(([part, content]): Payload => {
    if (typeof content !== "string" && !ArrayBuffer.isView(content)) {
      throw new OptionError(optionOf(part), contentFault(content));
    }
    return { part, bytes: copyOf(content), etag: null, fetchedAtMs: receivedAtMs, from: "static" };
  });
  return { dialect, payloads, optionOf };
}

function contentFault(content: unknown): string {
  if (isPromise(content)) return "is a promise: await it";
  if (typeof Object(content).text === "function") {
    return "is a response: pass await response.text()";
  }
  const body = "the body of a response, as bytes or a string";
  return content === undefined
    ? `is undefined: pass ${body}, such as readFileSync("flags.json")`
    : `expected ${body}: pass JSON.stringify(content)`;
}

/** Copies content to bytes that the caller cannot change. */
function copyOf(content: string | ArrayBufferView): Uint8Array {
  if (typeof content === "string") return bytesOf(content);
  return new Uint8Array(content.buffer, content.byteOffset, content.byteLength).slice();
}

function namingOption(error: unknown, { optionOf }: ReceivedPayloads): unknown {
  const isOfPart = isDecodeError(error) && error.part !== null;
  return isOfPart ? inPart(error, optionOf(error.part)) : error;
}
