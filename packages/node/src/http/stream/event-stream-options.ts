import {
  type AbortSignalLike,
  type Clock,
  callback,
  integer,
  OptionError,
  type Random,
  type Readers,
  readClock,
  readOptions,
  requireFunction,
  requireMethods,
  type SortitionError,
} from "@sortition/core/internal";
import { type Route, type RouteOptions, routeOf, routeReaders } from "../proxy.js";
import { NodeSender } from "../senders/node-sender.js";
import type { Sender } from "../senders/sender.js";
import { UndiciSender } from "../senders/undici-sender.js";
import type { StreamEvent } from "./event-parser.js";

/** `waiting` lasts until the next connection. `closed` is final. */
export type EventStreamState = "connecting" | "open" | "waiting" | "closed";

/** Why no events are received, or what went wrong with an event. */
export interface EventStreamFailure {
  readonly error: SortitionError;
  /**
   * `waiting`: the stream will reconnect. `closed`: it will not. `open`: `onEvent` or `onOpen`
   * threw.
   */
  readonly state: EventStreamState;
  /** `null` unless the state is `waiting`. */
  readonly nextAttemptInMs: number | null;
}

/** Options of an event stream. */
export interface EventStreamOptions extends RouteOptions {
  /** Absolute URL. Messages do not include it, because its query may contain a key. */
  readonly url: URL;
  /** Headers, with names in lower case. The stream sets `accept` and `last-event-id`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Sent with the first connection to continue an earlier stream. `null`: connections never resume
   * from an event.
   */
  readonly lastEventId?: string | null | undefined;
  /**
   * Called for each event, in order. If it throws, the error is reported to `onError` and the
   * stream continues.
   */
  readonly onEvent: (event: StreamEvent) => void;
  /** Called whenever a connection is established. */
  readonly onOpen?: (() => void) | undefined;
  /**
   * Called when bytes are received, even those of a comment, before their events. If it throws, the
   * error is reported.
   */
  readonly onAlive?: (() => void) | undefined;
  /** Called for each failure. Errors that it throws are ignored. */
  readonly onError?: ((failure: EventStreamFailure) => void) | undefined;
  /** Closes the stream when aborted. */
  readonly signal?: AbortSignalLike | undefined;
  /**
   * Time from the start of a connection until the response headers, 1 to 600,000 ms. Default:
   * 10,000.
   */
  readonly openTimeoutMs?: number | undefined;
  /**
   * Time without any bytes after which the connection is treated as broken, 1 to 86,400,000 ms;
   * `null`: never. Should exceed the interval of the server's keep-alive comments. Default: 60,000.
   */
  readonly silenceMs?: number | null | undefined;
  /** Maximum size of one event in bytes, at least 1,024. Default: 64 MiB. */
  readonly maxEventBytes?: number | undefined;
  /**
   * Time before a reconnect, unless the server requests another, 1 to 600,000 ms. Default: 1,000.
   */
  readonly retryMs?: number | undefined;
  /**
   * Maximum of that time, which doubles while nothing can be received, 1 to 86,400,000 ms. Default:
   * 60,000.
   */
  readonly maxRetryMs?: number | undefined;
  /** Parts of the clock to replace in tests. */
  readonly clock?: Partial<Clock> | undefined;
  /** Returns a number in [0, 1), used for jitter. */
  readonly random?: Random | undefined;
}
/** Maximum time-out, and maximum pause that a server may request. */
export const MAX_TIMEOUT_MS = 600_000;
const DAY_MS = 86_400_000;

const READERS = () =>
  ({
    ...routeReaders(),
    url: (path, value) => {
      if (value instanceof URL) return value;
      throw new OptionError(path, "expected a URL");
    },
    headers: (path, value = {}) => {
      requireMethods(path, value, []);
      return value as Readonly<Record<string, string>>;
    },
    lastEventId: (path, value = "") => {
      if (typeof value === "string" || value === null) return value;
      throw new OptionError(path, "expected a string or null");
    },
    onEvent: (path, value = null) => {
      requireFunction(path, value);
      return value as EventStreamOptions["onEvent"];
    },
    onOpen: callback<EventStreamOptions["onOpen"]>(),
    onAlive: callback<EventStreamOptions["onAlive"]>(),
    onError: callback<EventStreamOptions["onError"]>(),
    signal: (_, value = null) => value as AbortSignalLike | null,
    openTimeoutMs: integer(1, MAX_TIMEOUT_MS, 10_000),
    silenceMs: (path, value) => (value === null ? null : integer(1, DAY_MS, 60_000)(path, value)),
    maxEventBytes: integer(1_024, Number.MAX_SAFE_INTEGER, 64 * 1_024 * 1_024),
    retryMs: integer(1, MAX_TIMEOUT_MS, 1_000),
    maxRetryMs: integer(1, DAY_MS, 60_000),
    clock: readClock,
    random: (path, value = Math.random) => {
      requireFunction(path, value);
      return value as Random;
    },
  }) satisfies Readers<EventStreamOptions>;

/** Validated options with defaults applied. */
export interface CheckedStreamOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly lastEventId: string | null;
  readonly callbacks: Pick<EventStreamOptions, "onEvent" | "onOpen" | "onAlive" | "onError">;
  readonly signal: AbortSignalLike | null;
  readonly openTimeoutMs: number;
  readonly silenceMs: number | null;
  readonly maxEventBytes: number;
  readonly retryMs: number;
  readonly maxRetryMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly route: Route;
  readonly sender: Sender;
}

/**
 * Checks the options and applies defaults.
 *
 * @throws OptionError if an option is unknown or invalid.
 */
export function checkedStreamOptions(options: EventStreamOptions): CheckedStreamOptions {
  const read = readOptions(READERS(), options);
  const { dispatcher = null, proxy } = read;
  const route = routeOf(read);
  return {
    ...read,
    callbacks: options,
    route,
    // `node:http` loads faster than undici, and a program may wait for a stream's first event.
    sender:
      route === "direct"
        ? new NodeSender()
        : new UndiciSender(dispatcher, { connections: 1, proxy, sockets: {} }),
  };
}
