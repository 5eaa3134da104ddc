import type { Clock } from "@sortition/core/source";
import { linkOptions, type OpenConnection, type StreamLink } from "@sortition/node/source";
import { openEventStream, type RouteOptions } from "@sortition/node/transport";
import { VERSION } from "../version.js";

export const STREAM_PATH = "/sdk/stream/v1/flags";
/** The header that names this library, which the vendor counts by. */
export const LIBRARY: Readonly<Record<string, string>> = {
  "x-amp-exp-library": `sortition-amplitude/${VERSION}`,
};

/** The longest time for the headers of a stream. */
const MAX_OPEN_MS = 600_000;

/** Where a stream comes from. */
export interface StreamCall extends RouteOptions {
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** From the start of the connection to its headers. */
  readonly timeoutMs: number;
  /** Bound of one event, which has all flags. */
  readonly maxEventBytes: number;
  readonly clock: Clock;
}

/** Opens a connection, whose end is final: when there is another one is for the plan to say. */
export function openStream(link: StreamLink, call: StreamCall): OpenConnection {
  const { timeoutMs, ...others } = call;
  const openTimeoutMs = Math.min(timeoutMs, MAX_OPEN_MS);
  // Silence is the plan's, too: it counts events, not bytes.
  const bounds = { openTimeoutMs, silenceMs: null };
  return openEventStream({ ...others, ...bounds, ...linkOptions({ ...link, down: link.ended }) });
}
