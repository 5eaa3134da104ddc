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

/** `waiting`: until the next connection. `closed` is final. */
export type EventStreamState = "connecting" | "open" | "waiting" | "closed";

/** Why no events arrive, or what went wrong with one. */
export interface EventStreamFailure {
  readonly error: SortitionError;
  /** `waiting`: the connection is made again; `closed`: it is not; `open`: `onEvent` or `onOpen` threw. */
  readonly state: EventStreamState;
  /** `null` unless the stream is `waiting`. */
  readonly nextAttemptInMs: number | null;
}

/** Address of the stream, and its callbacks. */
export interface EventStreamOptions extends RouteOptions {
  /** Absolute URL. It may contain a key in its query, so no message includes it. */
  readonly url: URL;
  /** Names in lower case. `accept` and `last-event-id` are set by the stream. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent with the first connection, to continue an earlier stream. `null`: no connection continues from an event. */
  readonly lastEventId?: string | null | undefined;
  /** Called with each event, in order. A throw is reported to `onError`, and the stream goes on. */
  readonly onEvent: (event: StreamEvent) => void;
  /** Called whenever a connection is established. */
  readonly onOpen?: (() => void) | undefined;
  /** Called whenever bytes arrive, those of comments included, before their events. If it throws, the error is reported. */
  readonly onAlive?: (() => void) | undefined;
  /** Called with each failure. Errors that it throws are ignored. */
  readonly onError?: ((failure: EventStreamFailure) => void) | undefined;
  /** Closes the stream when it is aborted. */
  readonly signal?: AbortSignalLike | undefined;
  /** Ms from the start of a connection to the headers of the response: 1 … 600 000, 10 000. */
  readonly openTimeoutMs?: number | undefined;
  /**
   * Ms without a byte after which the connection is taken for broken: 1 … 86 400 000, 60 000. `null`:
   * never. Longer than the interval of the server's comments, if it sends any to keep the connection.
   */
  readonly silenceMs?: number | null | undefined;
  /** Bound of one event, as of the body of a request: at least 1 024, 64 MiB. */
  readonly maxEventBytes?: number | undefined;
  /** Ms before the connection is made again, unless the server says otherwise: 1 … 600 000, 1 000. */
  readonly retryMs?: number | undefined;
  /** Bound of that time, which doubles while nothing can be received: 1 … 86 400 000, 60 000. */
  readonly maxRetryMs?: number | undefined;
  /** Parts of the clock to replace, for tests. */
  readonly clock?: Partial<Clock> | undefined;
  /** [0, 1), for jitter. */
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

/** Longest time-out, and longest pause that a server may ask for. */
export const MAX_TIMEOUT_MS = 600_000;
const DAY_MS = 86_400_000;
const RULES = {
  openTimeoutMs: [1, MAX_TIMEOUT_MS, 10_000],
  silenceMs: [1, DAY_MS, 60_000],
  maxEventBytes: [1_024, Number.MAX_SAFE_INTEGER, 64 * 1_024 * 1_024],
  retryMs: [1, MAX_TIMEOUT_MS, 1_000],
  maxRetryMs: [1, DAY_MS, 60_000],
} as const;

/** Options with nothing left to check or to default. */
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

/** @throws OptionError for an unknown option or a bad value. */
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
    // `node:http` loads faster than undici, and a program waits for the first event of a stream.
    sender: route === "direct" ? new NodeSender() : new UndiciSender(dispatcher, connections),
  };
}
