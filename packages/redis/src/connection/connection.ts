import { type Clock, Timer } from "@sortition/core/internal";
import type { Redis } from "ioredis";
import { isFromReplica, noTls, notConnected, RedisError } from "../errors/redis-error.js";
import { redisError, replyWord } from "../errors/reply-error.js";
import { setLoopTimer } from "../loop-timer.js";
import type { Script, ScriptValue } from "../scripts/script.js";
import { databaseOf, selectDatabase } from "./database.js";
import { isCluster, type RedisClient } from "./input.js";
import { placeOf } from "./place.js";
import { watchPrimary } from "./primary-watch.js";
import { cut, letProcessEnd } from "./sockets.js";
import { type SocketLike, streamOf } from "./unref.js";

/**
 * Timeout of commands whose arguments or reply can be megabytes, as a multiple of the usual one.
 */
export const BODY_TIMEOUTS = 5;

export type Command = readonly [name: string, ...args: (string | number)[]];

/** Outcome of one command of a pipeline: an error or the reply. */
export type CommandOutcome = readonly [error: RedisError | null, reply: unknown];

/** Commands of Redis as this package sends them. They reject only with `RedisError`. */
export type Link = Pick<
  Connection,
  "isReady" | "place" | "unanswered" | "settled" | "run" | "command" | "use" | "leave" | "listen"
>;

export interface LinkListener {
  /** The connection is ready for commands. */
  ready?(): void;
  /** The connection was lost, or could not be opened. It is retried. */
  down?(error: RedisError): void;
  /** The connection is being replaced, because its server may no longer be the primary. */
  left?(): void;
  /** The owner closed the connection. */
  closed?(): void;
}

export type LinkState = "closed" | "connecting" | "ready" | "down";

export interface ConnectionOptions {
  /** Creates an unconnected client. May throw. */
  readonly create: () => RedisClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** Maximum pause between two attempts to connect, before jitter. Jitter at most doubles it. */
  readonly maxRetryMs: number;
  /** Minimum time between two searches for the primary. */
  readonly leaveEveryMs: number;
}

const FIRST_RETRY_MS = 50;
/** Maximum jitter before a connection leaves a primary that a Sentinel has replaced. */
const REPLACED_SPREAD_MS = 200;
const MAX_DOUBLINGS = 10;
/** Number of consecutive commands without a reply after which the connection is replaced. */
const MAX_TIMEOUTS = 2;
/** Maximum number of times that the pause doubles before a server that says that it is the primary is left again. */
const MAX_LEAVE_DOUBLINGS = 3;

/**
 * One connection to Redis, which is reopened whenever it is lost. It never queues a command. Its
 * sockets and timers do not keep the process alive. It may be opened again after `close`.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #listeners = new Set<LinkListener>();
  #client: RedisClient | null = null;
  #state: LinkState = "closed";
  #attempts = 0;
  #timeouts = 0;
  /** Why the connection was lost, or could not be opened, since the last reply. */
  #lastError: RedisError | null = null;
  #place = "redis";
  #cancelTimer = (): void => {};
  /** A client whose server is a replica, until a command succeeds on another client. */
  #replica: RedisClient | null = null;
  #leftAtMs = Number.NEGATIVE_INFINITY;
  /** When `leave` was last called and the server said that it is the primary. */
  #suspectedAtMs = Number.NEGATIVE_INFINITY;
  #leaveDoublings = 0;
  #isCheckingRole = false;
  readonly #leaveTimer: Timer;
  #endWatch: (() => void) | null = null;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#leaveTimer = new Timer(options.clock);
  }

  get state(): LinkState {
    return this.#state;
  }

  get isReady(): boolean {
    return this.#state === "ready";
  }

  /** Whether the server said that it is a replica. */
  get isReplica(): boolean {
    return this.#replica !== null;
  }

  /** Address of Redis for messages, such as `redis at localhost:6379`. */
  get place(): string {
    return this.#place;
  }

  /** Error for a connection attempt that has not completed in time. */
  get unanswered(): RedisError {
    const socket = this.#client === null ? null : socketOf(this.#client);
    const isHandshake = socket?.connecting === false && socket.secureConnecting === true;
    return isHandshake
      ? noTls(this.#place, { word: "ETIMEDOUT" })
      : notConnected(this.#place, "ETIMEDOUT");
  }

  /** The client, if it is ready for commands. */
  get client(): RedisClient | null {
    return this.isReady ? this.#client : null;
  }

  /** Adds a listener. The result removes it. */
  listen(listener: LinkListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Resolves when the running attempt to connect has ended, or immediately if none is running. */
  settled(): Promise<void> {
    if (this.#state !== "connecting") return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.listen({ ready: () => end(), down: () => end(), closed: () => end() });
      const end = (): void => {
        stop();
        resolve();
      };
    });
  }

  /** Starts to connect, unless it has already started. */
  open(): void {
    if (this.#state !== "closed") return;
    this.#attempts = 0;
    this.#connect();
  }

  /** Closes immediately. Commands without a reply reject. */
  close(): void {
    this.#state = "closed";
    this.#drop();
    this.#endWatch?.();
    this.#endWatch = null;
    for (const { closed } of [...this.#listeners]) closed?.();
  }

  /** Closes the connection and opens a new one. */
  restart(): void {
    if (this.#state === "closed") return;
    this.#attempts = 0;
    this.#drop();
    this.#connect();
  }

  /**
   * Restarts the connection soon, because its server may no longer be the primary: a replica at most once per poll
   * interval, and a server that says that it is the primary after pauses of one to eight intervals. Never rejects.
   */
  async leave(): Promise<void> {
    const { client } = this;
    const isLeaving = this.#leaveTimer.isSet || this.#untilLeaveMs > 0;
    if (client === null || isLeaving || this.#isCheckingRole) return;
    this.#isCheckingRole = true;
    const isReplica = !isCluster(client) && (await this.#checkRole(client));
    this.#isCheckingRole = false;
    if (isReplica || client !== this.#client) return;
    const { clock, leaveEveryMs } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#suspectedAtMs > 3 * leaveEveryMs) this.#leaveDoublings = 0;
    this.#suspectedAtMs = nowMs;
    if (nowMs - this.#leftAtMs < leaveEveryMs * 2 ** this.#leaveDoublings) return;
    this.#leaveDoublings = Math.min(this.#leaveDoublings + 1, MAX_LEAVE_DOUBLINGS);
    this.#planLeave();
  }

  /** Runs a script. Strings in replies are `Buffer`s. */
  run(
    script: Script,
    keys: readonly string[],
    values: readonly ScriptValue[],
    timeoutMs?: number,
  ): Promise<unknown> {
    const all = [keys.length, ...keys, ...values.map(sendable)];
    return this.use(async (client) => {
      try {
        return await client.callBuffer("evalsha", script.sha1, ...all);
      } catch (cause) {
        // The server does not have the script: scripts were flushed, or it is another server.
        if (replyWord(cause) !== "NOSCRIPT") throw cause;
        return client.callBuffer("eval", script.text, ...all);
      }
    }, timeoutMs);
  }

  /** Sends one command. Strings in replies are `Buffer`s. */
  command(name: string, ...values: readonly ScriptValue[]): Promise<unknown> {
    return this.use((client) => client.callBuffer(name, ...values.map(sendable)));
  }

  /** Sends commands together. Rejects if Redis did not reply to any of them. */
  pipeline(list: readonly Command[]): Promise<readonly CommandOutcome[]> {
    return this.use(async (client) => {
      const pipeline = client.pipeline();
      for (const [name, ...values] of list) pipeline.call(name, ...values);
      const outcomes = (await pipeline.exec()) ?? [];
      return outcomes.map(([cause, reply]): CommandOutcome => {
        if (cause === null) return [null, reply];
        const error = redisError(cause, this.#place);
        this.#noteReplica(error, client);
        return [error, reply];
      });
    });
  }

  /** Calls `send` with the client within the deadline, e.g. for a pipeline. */
  async use<T>(
    send: (client: RedisClient) => Promise<T>,
    timeoutMs: number = this.#options.commandTimeoutMs,
  ): Promise<T> {
    const { client } = this;
    if (client === null) {
      throw (
        this.#lastError ??
        new RedisError("SORTITION_REDIS_UNREACHABLE", `${this.#place} is not connected`)
      );
    }
    let cancelTimer = (): void => {};
    const deadline = new Promise<never>((_, reject) => {
      // A timer of ioredis would keep the process alive, and could reject a command whose reply has
      // arrived but has not been read.
      cancelTimer = setLoopTimer(
        this.#options.clock,
        () => reject(timedOut(this.#place)),
        timeoutMs,
      );
    });
    try {
      const reply = await Promise.race([send(client), deadline]);
      this.#timeouts = 0;
      this.#lastError = null;
      if (client !== this.#replica) this.#replica = null;
      return reply;
    } catch (cause) {
      const error = redisError(cause, this.#place);
      this.#noteTimeout(error, client);
      this.#noteReplica(error, client);
      // If the connection is lost, ioredis rejects the commands without a reason, sometimes before
      // it reports the loss. The last error reported since a reply has the reason, so throw that
      // instead.
      const isLost = error.word === null && error.code === "SORTITION_REDIS_UNREACHABLE";
      const reason = this.#lastError;
      throw isLost && reason?.code === error.code ? reason : error;
    } finally {
      cancelTimer();
    }
  }

  /**
   * Leaves the server if it said that it is a replica. After a failover behind a name, the former
   * primary may keep its connections, and a new one reaches the new primary.
   */
  #noteReplica(error: RedisError, client: RedisClient): void {
    if (!isFromReplica(error) || client !== this.#client) return;
    this.#replica = client;
    this.#lastError = error;
    this.#planLeave();
  }

  get #untilLeaveMs(): number {
    const { clock, leaveEveryMs } = this.#options;
    return Math.max(0, this.#leftAtMs + leaveEveryMs - clock.monotonicMs());
  }

  #planLeave(): void {
    if (!this.isReady || this.#leaveTimer.isSet) return;
    this.#leaveAfter(this.#untilLeaveMs, this.#options.maxRetryMs);
  }

  /** @param spreadMs - maximum jitter, because every process finds out at the same time. */
  #leaveAfter(delayMs: number, spreadMs: number): void {
    const { clock, random } = this.#options;
    this.#leaveTimer.set(delayMs + random() * spreadMs, () => {
      this.#leftAtMs = clock.monotonicMs();
      for (const { left } of [...this.#listeners]) left?.();
      this.restart();
    });
  }

  /** Asks the server for its role, because this process may not write for a while. Leaves a replica, and returns true. */
  async #checkRole(client: Redis): Promise<boolean> {
    try {
      const facts = await this.use(() => client.info("replication"));
      if (!/^role:slave/m.test(facts) || client !== this.#client) return false;
      this.#replica = client;
      this.#planLeave();
      return true;
    } catch {
      return false; // the next write finds out
    }
  }

  #noteTimeout(error: RedisError, client: RedisClient): void {
    if (error.code !== "SORTITION_REDIS_TIMEOUT") this.#timeouts = 0;
    else if (client === this.#client && ++this.#timeouts >= MAX_TIMEOUTS) {
      this.#lastError = error;
      this.restart();
    }
  }

  #connect(): void {
    const { clock, connectTimeoutMs, create } = this.#options;
    this.#state = "connecting";
    this.#timeouts = 0;
    let client: RedisClient;
    let hasDatabase: boolean;
    try {
      client = create();
      this.#place = placeOf(client);
      hasDatabase = databaseOf(client) !== 0;
    } catch (cause) {
      this.#fail(redisError(cause));
      return;
    }
    this.#client = client;
    const isCurrent = (): boolean => this.#client === client;
    const endWatch = this.#endWatch;
    this.#endWatch = watchPrimary(client, clock, () => {
      if (isCurrent()) this.#leaveAfter(0, REPLACED_SPREAD_MS);
    });
    endWatch?.(); // after the next one begins, so that the watch remembers what Sentinels said
    let error: unknown = null;
    // An error event without a listener would end the process.
    client.on("error", (cause) => {
      error = cause;
    });
    client.on("ready", () => {
      if (!isCurrent()) return;
      if (!hasDatabase) this.#becomeReady();
      else void this.#enterDatabase(client);
    });
    client.on("end", () => {
      if (!isCurrent()) return;
      const socket = socketOf(client);
      const isMute = error === null && (socket === null ? !this.isReady : !socket.bytesRead);
      this.#fail(
        isMute
          ? notConnected(this.#place, "ECONNRESET", adviceOnEnd(socket))
          : redisError(error, this.#place),
      );
    });
    letProcessEnd(client);
    // ioredis limits only the time of the TCP connection. Without this timer, we would wait forever
    // for a server that accepts the connection and sends nothing.
    this.#cancelTimer = setLoopTimer(clock, () => this.#fail(this.unanswered), connectTimeoutMs);
    client.connect().catch(() => {}); // reported by the events
  }

  async #enterDatabase(client: RedisClient): Promise<void> {
    const isCurrent = (): boolean => this.#client === client;
    try {
      await selectDatabase(client, this.#place);
    } catch (cause) {
      if (isCurrent()) this.#fail(redisError(cause, this.#place));
    }
    if (isCurrent()) this.#becomeReady();
  }

  #becomeReady(): void {
    this.#cancelTimer();
    this.#state = "ready";
    this.#attempts = 0;
    const client = this.#client;
    if (this.#replica !== null && client !== null && !isCluster(client)) {
      void this.#checkRole(client);
    }
    for (const { ready } of [...this.#listeners]) ready?.();
  }

  #fail(error: RedisError): void {
    this.#drop();
    this.#state = "down";
    this.#lastError = error;
    const { clock, maxRetryMs, random } = this.#options;
    const growingMs = FIRST_RETRY_MS * 2 ** Math.min(this.#attempts++, MAX_DOUBLINGS);
    const delayMs = Math.min(growingMs, maxRetryMs) * (1 + random());
    this.#cancelTimer = clock.setTimer(() => this.#connect(), delayMs, { holdsProcess: false });
    for (const { down } of [...this.#listeners]) down?.(error);
  }

  #drop(): void {
    this.#cancelTimer();
    this.#leaveTimer.cancel();
    const client = this.#client;
    this.#client = null;
    if (client !== null) cut(client);
  }
}

/** Returns the socket of a client of one server, or `null` if there is none yet. */
function socketOf(client: RedisClient): SocketLike | null {
  return isCluster(client) ? null : (streamOf(client) ?? null);
}

/**
 * Advice for when the server closed the connection without sending a byte, as servers do that
 * expect TLS.
 */
function adviceOnEnd(socket: SocketLike | null): string | undefined {
  return socket === null || socket.encrypted
    ? undefined
    : "its port, or write rediss:// instead of redis://, because the server may expect TLS";
}

/** Creates another connection to the server, or to one node of a cluster. */
export function nodeOf(client: RedisClient, random: () => number): RedisClient | null {
  if (!isCluster(client)) return null;
  const nodes = client.nodes("master");
  return nodes[Math.floor(random() * nodes.length)] ?? null;
}

/**
 * Converts other typed arrays to a `Buffer`, because ioredis would send them as comma-separated
 * decimal numbers.
 */
function sendable(value: ScriptValue): string | number | Buffer {
  if (typeof value === "string" || typeof value === "number" || Buffer.isBuffer(value))
    return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

function timedOut(place: string): RedisError {
  return new RedisError("SORTITION_REDIS_TIMEOUT", `${place} did not answer in time`);
}
