import type { Clock } from "@sortition/core/internal";
import {
  linkOptions,
  type OpenConnection,
  openEventStream,
  type RouteOptions,
  type StreamLink,
} from "@sortition/node/internal";
import { RELEASE } from "../version.js";

export const STREAM_PATH = "/sdk/stream/v1/flags";
/** Header with the name of this library, which the vendor uses for statistics. */
export const LIBRARY: Readonly<Record<string, string>> = {
  "x-amp-exp-library": `sortition-amplitude/${RELEASE.version}`,
};

/** Maximum time until a stream's headers. */
const MAX_OPEN_MS = 600_000;

/** Where to open a stream. */
export interface StreamCall extends RouteOptions {
  readonly url: URL;
  /** Headers, with names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Time from the start of the connection until its headers. */
  readonly timeoutMs: number;
  /** Maximum size of one event, which contains all flags. */
  readonly maxEventBytes: number;
  readonly clock?: Partial<Clock> | undefined;
}

/** Opens one connection. It does not reconnect, because the plan decides when the next one opens. */
export function openStream(link: StreamLink, { timeoutMs, ...others }: StreamCall): OpenConnection {
  return openEventStream({
    ...others,
    openTimeoutMs: Math.min(timeoutMs, MAX_OPEN_MS),
    silenceMs: null, // the plan also detects silence, because it counts events instead of bytes
    ...linkOptions({ ...link, down: link.ended }),
  });
}
