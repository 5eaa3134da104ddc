import type { ServerResponse } from "node:http";
import type { Clock } from "@sortition/core";
import type { Token } from "../access/tokens.js";
import type { AnswerSet } from "../environment/answers.js";
import type { Environment } from "../environment/environment.js";
import type { StreamWire } from "../vendors/route.js";
import type { Exchange } from "./exchange.js";

export interface EventStreamsOptions {
  readonly maxStreams: number;
  /** Lifetime of a stream, ± 20%. */
  readonly streamLifeMs: number;
  readonly clock: Clock;
}

/** How often to check which streams need a keep-alive, or have reached the end of their lifetime. */
const TICK_MS = 1_000;
/** Number of readers that are written to before the event loop does other work. */
const SLICE = 100;
/** A reader with this number of unsent events gets no further ones. */
const MAX_PENDING = 2;
const LIFE_SPREAD = 0.2;

/** A requested stream. */
export interface RequestedStream {
  readonly environment: Environment;
  readonly wire: StreamWire;
  /** Additional response headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Id of the last event that the reader received; `null` if none. */
  readonly held: string | null;
  readonly token: Token;
  /** Whether the request has a ticket instead of the token itself. */
  readonly hasTicket: boolean;
}

interface Reader {
  readonly outgoing: ServerResponse;
  readonly token: Token;
  readonly hasTicket: boolean;
  readonly endsAtMs: number;
  keepAliveAtMs: number;
  /** Id of the last event; `null` if none was sent. */
  id: string | null;
  /** Events that the operating system has not accepted yet. */
  pending: number;
}

/** Readers of one stream of an environment. */
interface Channel {
  readonly environment: Environment;
  readonly wire: StreamWire;
  readonly readers: Set<Reader>;
  latest: { readonly id: string; readonly event: Uint8Array } | null;
  isSending: boolean;
  unsubscribe(): void;
}

/**
 * The change streams of all environments. An event is encoded once for all readers. A reader that falls behind by two events
 * is dropped. Its SDK reconnects and gets the newest flags.
 */
export class EventStreams {
  readonly #options: EventStreamsOptions;
  readonly #channels = new Set<Channel>();
  #count = 0;
  #dropped = 0;
  /** Number of streams opened with tickets, by the token of the ticket. */
  readonly #byTicket = new Map<Token, number>();
  /** Time over which readers reconnect; `null` until all streams end. */
  #spreadMs: number | null = null;
  #cancelTick: (() => void) | null = null;

  constructor(options: EventStreamsOptions) {
    this.#options = options;
  }

  /** Number of open streams. */
  get count(): number {
    return this.#count;
  }

  /** Number of readers that were dropped because they stalled. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Returns the number of open streams of one environment. */
  countOf(environment: Environment): number {
    return this.#channelsOf(environment).reduce((sum, { readers }) => sum + readers.size, 0);
  }

  /**
   * Opens a stream. It begins with the newest event, unless the reader has it.
   *
   * @returns `false` if the relay or the connection has no room for the stream. Nothing is sent in that case.
   */
  open({ incoming, outgoing }: Exchange, requested: RequestedStream): boolean {
    const { environment, hasTicket, headers, held, token, wire } = requested;
    if (!this.#hasRoom(requested)) return false;
    // A pipelined response that waits for an earlier one is not notified when the connection ends.
    if (outgoing.socket === null) return false;
    outgoing.writeHead(200, {
      ...headers,
      "content-type": "text/event-stream",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    });
    if (incoming.method === "HEAD") {
      outgoing.end();
      return true;
    }
    outgoing.flushHeaders();
    const channel = this.#channelOf(environment, wire);
    const nowMs = this.#options.clock.monotonicMs();
    const spread = 1 - LIFE_SPREAD + 2 * LIFE_SPREAD * Math.random();
    const reader: Reader = {
      ...{ outgoing, token, hasTicket },
      endsAtMs: nowMs + this.#options.streamLifeMs * spread,
      keepAliveAtMs: nowMs + wire.keepAliveMs,
      id: held,
      pending: 0,
    };
    channel.readers.add(reader);
    this.#count += 1;
    this.#countTicket(requested, 1);
    if (this.#cancelTick === null) this.#tickLater();
    outgoing.once("close", () => this.#forget(channel, reader));
    if (held === null && wire.beginsSilently === true) beginSilently(channel, reader);
    this.#bringUpToDate(channel, reader);
    if (this.#spreadMs !== null) endWithRetry(reader, this.#spreadMs);
    return true;
  }

  /**
   * Ends all streams, and tells their readers to reconnect within `spreadMs`. Streams that are opened later end after the
   * newest event.
   */
  close(spreadMs: number): void {
    this.#spreadMs = spreadMs;
    for (const { readers } of this.#channels) {
      for (const reader of readers) endWithRetry(reader, spreadMs);
    }
  }

  /** Ends the streams of an environment. Readers are told to reconnect within `spreadMs`. */
  closeOf(environment: Environment, spreadMs: number): void {
    for (const { readers } of this.#channelsOf(environment)) {
      for (const reader of readers) endWithRetry(reader, spreadMs);
    }
  }

  /** Ends the streams that were opened with these tokens or their tickets. Readers are told to reconnect within `spreadMs`. */
  closeOfTokens(tokens: ReadonlySet<Token>, spreadMs: number): void {
    for (const { readers } of this.#channels) {
      for (const reader of readers) if (tokens.has(reader.token)) endWithRetry(reader, spreadMs);
    }
  }

  /** Tickets of web pages are public, so they open at most half of the environment's streams. */
  #hasRoom({ environment, hasTicket, token }: RequestedStream): boolean {
    const { maxStreams } = environment.config;
    if (this.#count >= this.#options.maxStreams) return false;
    if (this.countOf(environment) >= maxStreams) return false;
    return !hasTicket || (this.#byTicket.get(token) ?? 0) < maxStreams / 2;
  }

  #countTicket(
    { hasTicket, token }: Pick<Reader, "hasTicket" | "token">,
    difference: 1 | -1,
  ): void {
    if (!hasTicket) return;
    const count = (this.#byTicket.get(token) ?? 0) + difference;
    if (count === 0) this.#byTicket.delete(token);
    else this.#byTicket.set(token, count);
  }

  #channelsOf(environment: Environment): readonly Channel[] {
    return [...this.#channels].filter((it) => it.environment === environment);
  }

  #channelOf(environment: Environment, wire: StreamWire): Channel {
    for (const it of this.#channels) {
      if (it.environment === environment && it.wire === wire) return it;
    }
    const channel: Channel = {
      environment,
      wire,
      readers: new Set(),
      latest: null,
      isSending: false,
      unsubscribe: environment.onChange((answers) => this.#publish(channel, answers)),
    };
    this.#channels.add(channel);
    const { answers } = environment;
    if (answers !== null) channel.latest = latestOf(wire, answers);
    return channel;
  }

  #publish(channel: Channel, answers: AnswerSet): void {
    const { latest, wire } = channel;
    if (wire.idOf(answers) === latest?.id) return;
    channel.latest = latestOf(wire, answers) ?? latest;
    if (!channel.isSending) void this.#send(channel);
  }

  /** Writes the newest event to all readers, in slices. The same run also sends a newer event that is published in the meantime. */
  async #send(channel: Channel): Promise<void> {
    channel.isSending = true;
    const { readers, wire } = channel;
    let sent: Channel["latest"] = null;
    while (sent !== channel.latest) {
      sent = channel.latest;
      const pauseMs = wire.spreadMs / Math.ceil(readers.size / SLICE);
      let written = 0;
      for (const reader of readers) {
        this.#bringUpToDate(channel, reader);
        written += 1;
        if (written % SLICE === 0) await this.#pause(pauseMs);
      }
    }
    channel.isSending = false;
  }

  /** Lets the event loop do other work. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (ms === 0) setImmediate(resolve);
      else this.#options.clock.setTimer(resolve, ms, { holdsProcess: false });
    });
  }

  #bringUpToDate({ latest }: Channel, reader: Reader): void {
    if (latest === null || reader.id === latest.id) return;
    const { outgoing } = reader;
    if (outgoing.writableEnded) return;
    if (reader.pending >= MAX_PENDING) {
      this.#dropped += 1;
      outgoing.destroy();
      return;
    }
    reader.id = latest.id;
    reader.pending += 1;
    outgoing.write(latest.event, () => {
      reader.pending -= 1;
    });
  }

  #tickLater(): void {
    const { clock } = this.#options;
    this.#cancelTick = clock.setTimer(() => this.#tick(), TICK_MS, { holdsProcess: false });
  }

  #tick(): void {
    this.#tickLater();
    const nowMs = this.#options.clock.monotonicMs();
    for (const { readers, wire } of this.#channels) {
      for (const reader of readers) {
        if (nowMs >= reader.endsAtMs) reader.outgoing.end();
        else if (nowMs >= reader.keepAliveAtMs) {
          reader.keepAliveAtMs = nowMs + wire.keepAliveMs;
          // A reader with pending events needs no keep-alive: it reads them, or is dropped.
          if (reader.pending === 0) reader.outgoing.write(wire.keepAlive);
        }
      }
    }
  }

  #forget(channel: Channel, reader: Reader): void {
    channel.readers.delete(reader);
    this.#count -= 1;
    this.#countTicket(reader, -1);
    if (channel.readers.size === 0) {
      channel.unsubscribe();
      this.#channels.delete(channel);
    }
    if (this.#count === 0) {
      this.#cancelTick?.();
      this.#cancelTick = null;
    }
  }
}

function endWithRetry({ outgoing }: Reader, spreadMs: number): void {
  outgoing.end(`retry: ${Math.floor(Math.random() * spreadMs)}\n\n`);
}

/** Sends only the id of the newest event, so that the reader can send it when it reconnects. */
function beginSilently({ latest }: Channel, reader: Reader): void {
  if (latest === null) return;
  reader.id = latest.id;
  reader.outgoing.write(`id: ${latest.id}\n\n`);
}

/** Returns the id of the last event that the reader received from an earlier stream, or `null`. */
export function lastEventId({ incoming }: Exchange): string | null {
  const id = incoming.headers["last-event-id"];
  return typeof id === "string" ? id.trim() : null;
}

function latestOf(wire: StreamWire, answers: AnswerSet): Channel["latest"] {
  const id = wire.idOf(answers);
  return id === null ? null : { id, event: wire.eventOf(answers) };
}
