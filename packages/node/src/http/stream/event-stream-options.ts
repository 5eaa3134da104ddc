import {
  type AbortSignalLike,
  type Clock,
  checkClock,
  createClock,
  integerOptions,
  OptionError,
  type Random,
  rejectUnknownOptions,
  type SortitionError,
} from "@sortition/core/internal";
import { checkedRoute, type Route, type RouteOptions } from "../proxy.js";
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
const OPTION_NAMES: readonly (keyof EventStreamOptions)[] = [
  "url",
  "headers",
  "lastEventId",
  "onEvent",
  "onOpen",
  "onAlive",
  "onError",
  "signal",
  "openTimeoutMs",
  "silenceMs",
  "maxEventBytes",
  "retryMs",
  "maxRetryMs",
  "proxy",
  "dispatcher",
  "clock",
  "random",
];

/** Maximum time-out, and maximum pause that a server may request. */
export const MAX_TIMEOUT_MS = 600_000;
const DAY_MS = 86_400_000;
const RULES = {
  openTimeoutMs: [1, MAX_TIMEOUT_MS, 10_000],
  silenceMs: [1, DAY_MS, 60_000],
  maxEventBytes: [1_024, Number.MAX_SAFE_INTEGER, 64 * 1_024 * 1_024],
  retryMs: [1, MAX_TIMEOUT_MS, 1_000],
  maxRetryMs: [1, DAY_MS, 60_000],
} as const;

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
  rejectUnknownOptions(options, OPTION_NAMES);
  const { url, headers = {}, lastEventId = "", signal = null, silenceMs } = options;
  const { dispatcher = null, clock, random = Math.random } = options;
  if (!(url instanceof URL)) throw new OptionError("url", "expected a URL");
  if (typeof headers !== "object" || headers === null) {
    throw new OptionError("headers", "expected an object");
  }
  if (typeof lastEventId !== "string" && lastEventId !== null)
    throw new OptionError("lastEventId", "expected a string or null");
  for (const name of ["onEvent", "onOpen", "onAlive", "onError", "random"] as const) {
    const value = options[name];
    if (typeof value !== "function" && (value !== undefined || name === "onEvent")) {
      throw new OptionError(name, "expected a function");
    }
  }
  checkClock(clock);
  const { proxy, route } = checkedRoute(options);
  const connections = { connections: 1, proxy, sockets: {} };
  const integers = integerOptions({ ...options, silenceMs: silenceMs ?? undefined }, RULES);
  return {
    url,
    headers,
    lastEventId,
    callbacks: options,
    signal,
    ...integers,
    silenceMs: silenceMs === null ? null : integers.silenceMs,
    clock: createClock(clock),
    random,
    route,
    // `node:http` loads faster than undici, and a program may wait for a stream's first event.
    sender: route === "direct" ? new NodeSender() : new UndiciSender(dispatcher, connections),
  };
}
