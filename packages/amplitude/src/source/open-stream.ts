import type { Clock } from "@sortition/core/internal";
import {
  linkOptions,
  type OpenConnection,
  type RouteOptions,
  type StreamLink,
  thrownFailure,
} from "@sortition/node/internal";
import { VERSION } from "../version.js";

type OpenEventStream = typeof import("@sortition/node/internal").openEventStream;

export const STREAM_PATH = "/sdk/stream/v1/flags";
/** Header with the name of this library, which the vendor uses for statistics. */
export const LIBRARY: Readonly<Record<string, string>> = {
  "x-amp-exp-library": `sortition-amplitude/${VERSION}`,
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

let loaded: OpenEventStream | null = null;

async function load(): Promise<OpenEventStream> {
  loaded ??= (await import("@sortition/node/internal")).openEventStream;
  return loaded;
}

/** Loads the code for streams before the first one is opened. Few programs need it. */
export function prepareStream(): void {
  // A failure is reported when the stream is opened.
  if (loaded === null) load().catch(() => {});
}

/** Opens one connection. It does not reconnect, because the plan decides when the next one opens. */
export function openStream(link: StreamLink, call: StreamCall): OpenConnection {
  const { timeoutMs, ...others } = call;
  const openTimeoutMs = Math.min(timeoutMs, MAX_OPEN_MS);
  // The plan also detects silence, because it counts events instead of bytes.
  const bounds = { openTimeoutMs, silenceMs: null };
  const options = { ...others, ...bounds, ...linkOptions({ ...link, down: link.ended }) };
  if (loaded !== null) return loaded(options);
  let connection: OpenConnection | null = null;
  let isClosed = false;
  load()
    .then((openEventStream) => {
      if (!isClosed) connection = openEventStream(options);
    })
    .catch((cause) => {
      if (!isClosed) link.ended(thrownFailure(cause));
    });
  return {
    close() {
      isClosed = true;
      connection?.close();
    },
  };
}
