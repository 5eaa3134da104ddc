import type { ServerResponse } from "node:http";
import type { Clock } from "@sortition/core";
import type { Answer } from "../environment/answers.js";
import type { Environment } from "../environment/environment.js";
import { FLAGS, type StreamWire } from "../vendors/route.js";
import type { Exchange } from "./exchange.js";

export interface EventStreamsOptions {
  readonly maxStreams: number;
  /** How long a stream lives, ± 20 %. */
  readonly streamLifeMs: number;
  readonly clock: Clock;
}

/** How often keep-alives and ends are looked for. */
const TICK_MS = 1_000;
/** Readers that are written to before other work of the event loop gets its turn. */
const SLICE = 100;
/** A reader to which so many events are still on their way gets no further one. */
const MAX_PENDING = 2;
const LIFE_SPREAD = 0.2;

interface Reader {
  readonly outgoing: ServerResponse;
  readonly endsAtMs: number;
  keepAliveAtMs: number;
  /** SHA-256 of the last event's content; `null`: none was sent. */
  sha256: string | null;
  /** Events that the system has not yet taken. */
  pending: number;
}

/** Readers of one environment's stream. */
interface Channel {
  readonly wire: StreamWire;
  readonly readers: Set<Reader>;
  latest: { readonly sha256: string; readonly event: Uint8Array } | null;
  isSending: boolean;
  unsubscribe(): void;
}

/**
 * The streams of changes of all environments. An event is encoded once for all readers. A reader that falls behind by two
 * events is dropped: the SDK connects again and gets the newest flags.
 */
export class EventStreams {
  readonly #options: EventStreamsOptions;
  readonly #channels = new Map<Environment, Channel>();
  #count = 0;
  #dropped = 0;
  #cancelTick: (() => void) | null = null;

  constructor(options: EventStreamsOptions) {
    this.#options = options;
  }

  /** Streams that are open. */
  get count(): number {
    return this.#count;
  }

  /** Readers that were dropped because they did not read. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Streams of one environment that are open. */
  countOf(environment: Environment): number {
    return this.#channels.get(environment)?.readers.size ?? 0;
  }

  /**
   * Opens a stream. It begins with the flags, unless the reader has them.
   *
   * @returns whether there was room for it; nothing is sent otherwise.
   */
  open(
    { incoming, outgoing }: Exchange,
    environment: Environment,
    wire: StreamWire,
    headers: Readonly<Record<string, string>>,
  ): boolean {
    if (this.#count >= this.#options.maxStreams) return false;
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
    const held = incoming.headers["last-event-id"];
    const reader: Reader = {
      outgoing,
      endsAtMs: nowMs + this.#options.streamLifeMs * spread,
      keepAliveAtMs: nowMs + wire.keepAliveMs,
      sha256: typeof held === "string" ? held.trim() : null,
      pending: 0,
    };
    channel.readers.add(reader);
    this.#count += 1;
    if (this.#cancelTick === null) this.#tickLater();
    outgoing.once("close", () => this.#forget(environment, channel, reader));
    this.#bringUpToDate(channel, reader);
    return true;
  }

  /**
   * Ends all streams, and asks their readers to come back after a time that is spread over `spreadMs`.
   */
  close(spreadMs: number): void {
    for (const { readers } of this.#channels.values()) {
      for (const { outgoing } of readers) {
        outgoing.end(`retry: ${Math.floor(Math.random() * spreadMs)}\n\n`);
      }
    }
  }

  #channelOf(environment: Environment, wire: StreamWire): Channel {
    const known = this.#channels.get(environment);
    if (known !== undefined) return known;
    const channel: Channel = {
      wire,
      readers: new Set(),
      latest: null,
      isSending: false,
      unsubscribe: environment.onChange(({ parts }) => this.#publish(channel, parts.get(FLAGS))),
    };
    this.#channels.set(environment, channel);
    const flags = environment.answers?.parts.get(FLAGS);
    if (flags !== undefined) channel.latest = latestOf(wire, flags);
    return channel;
  }

  #publish(channel: Channel, flags: Answer | undefined): void {
    if (flags === undefined || flags.sha256 === channel.latest?.sha256) return;
    channel.latest = latestOf(channel.wire, flags);
    if (!channel.isSending) void this.#send(channel);
  }

  /** Writes the newest event to all readers, in slices. A newer event that arrives meanwhile is sent by the same run. */
  async #send(channel: Channel): Promise<void> {
    channel.isSending = true;
    let sent: Channel["latest"] = null;
    while (sent !== channel.latest) {
      sent = channel.latest;
      let written = 0;
      for (const reader of channel.readers) {
        this.#bringUpToDate(channel, reader);
        written += 1;
        if (written % SLICE === 0) await new Promise(setImmediate);
      }
    }
    channel.isSending = false;
  }

  #bringUpToDate({ latest }: Channel, reader: Reader): void {
    if (latest === null || reader.sha256 === latest.sha256) return;
    const { outgoing } = reader;
    if (reader.pending >= MAX_PENDING) {
      this.#dropped += 1;
      outgoing.destroy();
      return;
    }
    reader.sha256 = latest.sha256;
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
    for (const { readers, wire } of this.#channels.values()) {
      for (const reader of readers) {
        if (nowMs >= reader.endsAtMs) reader.outgoing.end();
        else if (nowMs >= reader.keepAliveAtMs) {
          reader.keepAliveAtMs = nowMs + wire.keepAliveMs;
          // Whoever still has something to read is alive, or is dropped.
          if (reader.pending === 0) reader.outgoing.write(wire.keepAlive);
        }
      }
    }
  }

  #forget(environment: Environment, channel: Channel, reader: Reader): void {
    channel.readers.delete(reader);
    this.#count -= 1;
    if (channel.readers.size === 0) {
      channel.unsubscribe();
      this.#channels.delete(environment);
    }
    if (this.#count === 0) {
      this.#cancelTick?.();
      this.#cancelTick = null;
    }
  }
}

function latestOf(wire: StreamWire, flags: Answer): NonNullable<Channel["latest"]> {
  return { sha256: flags.sha256, event: wire.eventOf(flags) };
}
