import { type ConfigurationOrigin, type Payload, ProtocolError } from "@sortition/core/internal";
import { type StreamNews, type StreamPlan, streamedOrigin } from "@sortition/node/internal";

/** A connection without flags or a sign of life for this long is treated as broken. */
const SILENCE_MS = 17_000;
/** Range of the time after which a connection is replaced. */
const MIN_LIFE_MS = 720_000;
const MAX_LIFE_MS = 1_080_000;
const SPACE = 0x20;
const BRACKET = 0x5b;

/** Pause before a stream is retried, and its spread. */
export const RETRY_MS = 15_000;
export const RETRY_SPREAD_MS = 2_000;

export interface StreamPlanParts
  extends Pick<StreamPlan, "complete" | "open" | "reopenMs" | "waitMs"> {
  /** Origin of the stream's URL. */
  readonly server: string;
  /** Time from the start of a connection to its first flags, in ms. */
  readonly readyMs: number;
  /** Returns the current time, epoch ms. */
  now(): number;
  /** Called for each event that should contain flags, before it is read. */
  received?(): void;
}

/**
 * Adds Amplitude's stream to an origin that requests flags. Each connection starts with all flags,
 * and each change contains all of them again, as a list. A blank is a sign of life; comments and
 * other events are not.
 *
 * @see src/README.md, "The stream of flags"
 */
export function streamedFlags(
  requested: ConfigurationOrigin,
  { now, received, ...parts }: StreamPlanParts,
): ConfigurationOrigin {
  return streamedOrigin(requested, {
    ...parts,
    startsWith: "stream",
    onGarbage: "reopen",
    silenceMs: SILENCE_MS,
    lifeMs: (u) => MIN_LIFE_MS + Math.floor(u * (MAX_LIFE_MS - MIN_LIFE_MS)),
    read(event): StreamNews {
      if (event.type !== "message") return { kind: "ignored" };
      const bytes = event.bytes ?? Buffer.from(event.data);
      if (bytes.length === 0) return { kind: "ignored" };
      if (bytes.length === 1 && bytes[0] === SPACE) return { kind: "alive" };
      received?.();
      return { kind: "payloads", payloads: [flagsOf(bytes, parts.server, now())], isWhole: true };
    },
  });
}

/** Only checks the first character, because the dialect parses the rest in slices. */
function flagsOf(bytes: Uint8Array, server: string, fetchedAtMs: number): Payload {
  if (bytes.find((byte) => byte > SPACE) !== BRACKET) throw notAList(server);
  const place = `the stream of ${server}: is the event whole?`;
  return { part: "flags", bytes, etag: null, fetchedAtMs, from: "network", place };
}

/** Error of a connection that is closed because it sent something other than flags. */
export function notAList(server: string): ProtocolError {
  return new ProtocolError(`the stream of ${server} has an event that is not a list of flags`);
}
