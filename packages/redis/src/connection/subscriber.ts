import { type Clock, Timer } from "@sortition/core/internal";
import type { RedisError, RedisErrorCode } from "../errors/redis-error.js";
import { redisError } from "../errors/reply-error.js";
import type { Connection } from "./connection.js";

/** Whether changes are pushed. `denied`: the user may not subscribe. */
export type PubsubState = "on" | "off" | "denied" | "down";

/** Callbacks of a {@link Subscriber}. */
export interface SubscriberListener {
  message(text: string): void;
  /** The subscription is active. Messages sent before may be lost. */
  subscribed(): void;
  /** The server refuses to subscribe. Called once until a subscription succeeds. */
  refused(error: RedisError): void;
}

/**
 * Interval of pings, because a connection that never sends does not notice that its peer is gone.
 */
const PING_MS = 15_000;
const DENIED_RETRY_MS = 300_000;
/** Codes of a lost connection, or of a server that is not available yet. */
const TRANSIENT: readonly RedisErrorCode[] = [
  "SORTITION_REDIS_UNREACHABLE",
  "SORTITION_REDIS_TIMEOUT",
];

/** Listens to one channel. Replaces its connection if the server does not respond. */
export class Subscriber {
  readonly #connection: Connection;
  readonly #channel: string;
  readonly #timer: Timer;
  readonly #listener: SubscriberListener;
  #state: PubsubState = "down";
  #isRefused = false;
  #stopListening: (() => void) | null = null;

  constructor(connection: Connection, channel: string, clock: Clock, listener: SubscriberListener) {
    this.#connection = connection;
    this.#channel = channel;
    this.#timer = new Timer(clock);
    this.#listener = listener;
  }

  get state(): PubsubState {
    return this.#state;
  }

  /** Opens the connection, unless it is already open. */
  open(): void {
    this.#stopListening ??= this.#connection.listen({
      ready: () => {
        this.#hear();
        void this.#subscribe();
      },
      down: () => {
        this.#timer.cancel();
        this.#state = "down";
      },
    });
    this.#connection.open();
  }

  close(): void {
    this.#timer.cancel();
    this.#stopListening?.();
    this.#stopListening = null;
    this.#state = "down";
    this.#connection.close();
  }

  /** Subscribes on a new connection. */
  restart(): void {
    this.#timer.cancel();
    this.#state = "down";
    this.#connection.restart();
  }

  #hear(): void {
    const { client } = this.#connection;
    client?.on("message", (channel: string, text: string) => {
      if (channel === this.#channel && this.#connection.client === client) {
        this.#listener.message(text);
      }
    });
  }

  async #subscribe(): Promise<void> {
    const { client } = this.#connection;
    try {
      await this.#connection.use((it) => it.subscribe(this.#channel));
      if (this.#connection.client !== client) return;
      this.#state = "on";
      this.#isRefused = false;
      this.#keepAlive();
      this.#listener.subscribed();
    } catch (cause) {
      if (this.#connection.client === client) this.#fail(redisError(cause));
    }
  }

  #fail(error: RedisError): void {
    if (error.code === "SORTITION_REDIS_DENIED") {
      this.#state = "denied";
      this.#timer.set(DENIED_RETRY_MS, () => void this.#subscribe());
    } else {
      this.#state = "down";
      this.#timer.set(PING_MS, () => this.#connection.restart());
    }
    if (TRANSIENT.includes(error.code) || this.#isRefused) return;
    this.#isRefused = true;
    this.#listener.refused(error);
  }

  #keepAlive(): void {
    this.#timer.set(PING_MS, async () => {
      const { client } = this.#connection;
      try {
        await this.#connection.use((it) => it.ping());
        if (this.#connection.client === client) this.#keepAlive();
      } catch {
        if (this.#connection.client === client) this.#connection.restart();
      }
    });
  }
}
