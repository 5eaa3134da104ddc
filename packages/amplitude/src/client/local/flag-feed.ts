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

export interface FeedParts {
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly log: ClientLog;
  readonly received: ReceivedFlagsSource;
  /** Origin of the flags, without cohorts. */
  readonly origin: ConfigurationOrigin;
  /** The origin's stream, or `null` if it has none. */
  readonly stream: FlagStream | null;
}

/** Fetches flags at the vendor's pace: from a stream, or by polling while there is none. */
export class FlagFeed {
  readonly #parts: FeedParts;
  readonly #pacer: Pacer;
  #isRunning = false;
  #isPolling = false;
  /** Whether a start, or the fallback from a lost stream, is waiting for the running attempt. */
  #isAwaited = false;
  /** Whether a start is waiting for the stream to open. */
  #isConnecting = false;
  /** Whether the stream has flags that no attempt has processed. */
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

  /**
   * Settles when the first flags are loaded or could not be fetched. Updates continue until {@link
   * stop}. Until flags are loaded, another call joins the running attempt or starts one. After that
   * it does nothing.
   */
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
    // Stopping is not a failure of the start.
    if (failure !== null && !(failure.error instanceof ClosedError)) throw failure.error;
  }

  /** Also ends requests in progress. */
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
    // A running poll waits for the stream too.
    if (this.#isPolling) this.#pacer.again({ abort: true });
  }

  #fallBack(error: SortitionError, why: OpenReason): void {
    const { received, log } = this.#parts;
    // While polling, retries of the stream are silent.
    if (!this.#isConnecting && why === "retry") return;
    const what = this.#isConnecting ? "start stream failed" : "onError";
    log.debug(`[Experiment] streamer - ${what}, fallback to poller`, messageOf(error));
    this.#isConnecting = false;
    if (this.#isPolling && received.isLoaded) return;
    this.#isAwaited = true;
    this.#poll();
    // Its failure is logged, and polling continues.
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

  /** Runs a poll, the tries of a start, or the processing of flags from the stream. */
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
    // If the stream has sent flags, `fetchOnce` must return them, even if they equal the current ones.
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
      // A start continues with requests. Otherwise the stream reconnects.
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
