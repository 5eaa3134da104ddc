import {
  type Clock,
  ClosedError,
  type ConfigurationOrigin,
  type Failure,
  messageOf,
  retrying,
  type SortitionError,
} from "@sortition/core/internal";
import { type OpenReason, Pacer } from "@sortition/node/internal";
import type { ClientLog } from "../../messages/logging.js";
import { START_TRIES } from "../../source/pace.js";
import type { FlagStream } from "./flag-stream.js";
import type { ReceivedFlagsSource } from "./received-flags-source.js";
import type { Feed } from "./updates.js";

export interface FeedParts {
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly log: ClientLog;
  readonly received: ReceivedFlagsSource;
  /** Of flags, without cohorts. */
  readonly origin: ConfigurationOrigin;
  /** The stream of the origin; `null`: it has none. */
  readonly stream: FlagStream | null;
}

/** Fetches flags at the vendor's pace: by a stream, and by polls while there is none. */
export class FlagFeed implements Feed {
  readonly #parts: FeedParts;
  readonly #pacer: Pacer;
  #isRunning = false;
  #isPolling = false;
  /** Whether a start, or the fallback from a lost stream, waits for the attempt that is under way. */
  #isAwaited = false;
  /** Whether a start waits to see if the stream can be opened. */
  #isConnecting = false;
  /** Whether the stream has flags that no attempt has asked for. */
  #hasNews = false;

  constructor(parts: FeedParts) {
    const { clock, received, intervalMs } = parts;
    this.#parts = parts;
    this.#pacer = new Pacer(() => ({ delayMs: () => (this.#isPolling ? intervalMs : null) }), {
      clock,
      random: Math.random,
      isLoaded: () => received.isLoaded,
      attempt: (signal) => this.#attempt(signal),
      ended: (failure) => this.#end(failure),
    });
  }

  async start(): Promise<void> {
    const { received, stream } = this.#parts;
    if (this.#isRunning && received.isLoaded) return;
    this.#isAwaited = true;
    if (stream === null) this.#poll();
    else if (!this.#isConnecting) this.#connect(stream);
    if (!this.#isRunning) {
      this.#isRunning = true;
      this.#pacer.start("now");
    }
    const failure = await this.#pacer.now();
    // A start that is stopped does not fail.
    if (failure !== null && !(failure.error instanceof ClosedError)) throw failure.error;
  }

  stop(): void {
    if (!this.#isRunning) return;
    const { log, stream } = this.#parts;
    if (stream !== null) log.debug("[Experiment] streamer - stop");
    stream?.end();
    this.#isRunning = false;
    this.#isAwaited = false;
    this.#isConnecting = false;
    this.#hasNews = false;
    this.#pacer.stop();
    if (this.#isPolling) this.#endPolls();
  }

  #connect(stream: FlagStream): void {
    this.#isConnecting = true;
    stream.follow({
      changed: (news) => {
        this.#hasNews = true;
        this.#pacer.again({ abort: news === "payloads" });
      },
      failed: (error, why) => this.#fallBack(error, why),
    });
    // A poll that is under way waits for the stream, too.
    if (this.#isPolling) this.#pacer.again({ abort: true });
  }

  #fallBack(error: SortitionError, why: OpenReason): void {
    const { received, log } = this.#parts;
    // One that polls tries quietly.
    if (!this.#isConnecting && why === "retry") return;
    const what = this.#isConnecting ? "start stream failed" : "onError";
    log.debug(`[Experiment] streamer - ${what}, fallback to poller`, messageOf(error));
    this.#isConnecting = false;
    if (this.#isPolling && received.isLoaded) return;
    this.#isAwaited = true;
    this.#poll();
    // What it fails with is logged, and polls go on.
    void this.#pacer.now();
  }

  #poll(): void {
    if (this.#isPolling) return;
    this.#parts.log.debug("[Experiment] poller - start");
    this.#isPolling = true;
  }

  #endPolls(): void {
    this.#parts.log.debug("[Experiment] poller - stop");
    this.#isPolling = false;
    this.#parts.origin.release?.();
  }

  /** A poll, the tries of a start, or what the stream has delivered. */
  async #attempt(signal: AbortSignal): Promise<null> {
    const { clock, log } = this.#parts;
    let isPoll = !this.#isAwaited && !this.#hasNews;
    if (isPoll) log.debug("[Experiment] updating flag configs");
    const isRetryable = (error: unknown): boolean => {
      if (isPoll) log.debug("[Experiment] flag config update failed", messageOf(error));
      isPoll = false;
      return this.#isAwaited;
    };
    await retrying({ ...START_TRIES, clock, signal, isRetryable }, () => this.#try(signal));
    return null;
  }

  #end(failure: Failure | null): void {
    if (failure !== null && this.#isAwaited) {
      const what = "flag config initial poll failed, trying again at the next interval";
      this.#parts.log.error(`[Experiment] ${what}: ${failure.error.message}`);
    }
    this.#isAwaited = false;
  }

  async #try(signal: AbortSignal): Promise<void> {
    const { received, origin, stream } = this.#parts;
    const held = received.flags;
    // Equal flags that are sent anew count as received.
    const isKnown = held !== null && !this.#hasNews;
    this.#hasNews = false;
    const result = await origin.fetchOnce(isKnown ? [held] : null, { signal });
    signal.throwIfAborted();
    if (result.kind === "failed") throw result.failure.error;
    const [flags = held] = result.kind === "payloads" ? result.payloads : [];
    if (flags === null) return;
    if (!stream?.isUp) return received.receive(flags);
    try {
      await received.receive(flags);
    } catch {
      stream.refuse();
      // A start goes on with requests; others have another connection.
      return this.#isAwaited ? this.#try(signal) : undefined;
    }
    if (stream.isUp) this.#streams(stream);
  }

  #streams(stream: FlagStream): void {
    stream.served();
    this.#isConnecting = false;
    if (this.#isPolling) this.#endPolls();
  }
}
