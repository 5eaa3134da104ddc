import {
  type ConfigurationOrigin,
  type Digest,
  type Failure,
  type FollowListener,
  type Moment,
  momentAgo,
  msSince,
  type PayloadSet,
  type RefreshOutcome,
  reportMissingPart,
  type SortitionError,
  type SourceContext,
  type SourceSink,
  Subscribers,
  transientFailure,
} from "@sortition/core/internal";
import type { Pacing } from "./backoff.js";
import { lifecyclePace } from "./lifecycle-pace.js";
import { countRun } from "./many-runs.js";
import { type Pace, Pacer } from "./pacer.js";
import { closedFailure } from "./refresh.js";

type Outcome = "updated" | "unchanged";

/** A pace without an interval: attempts are made only on request. */
const ON_REQUEST: Pace = { delayMs: () => null };

/** Payloads that a client rejected, kept so that the same bytes are not decoded again. */
interface RejectedPayloads {
  readonly fingerprint: string;
  readonly error: SortitionError;
}

/** Dependencies of an {@link OriginRun}. */
export interface OriginRunOptions {
  readonly origin: ConfigurationOrigin;
  /** `null`: attempts are made only by {@link OriginRun.refresh}. */
  readonly pacing: Pacing | null;
  /** Whether to follow the origin's stream as well, so that the first attempt needs no request. */
  readonly follows: boolean;
  /** Ports of the first subscriber, used during the whole run. */
  readonly ports: Pick<SourceContext, "clock" | "random" | "digest" | "diagnostics">;
}

/**
 * One run of a source that requests from an origin, from the first subscription to the end of the
 * last one. Attempts never overlap and never stop.
 *
 * @see docs/spec/lifecycle.md §1.1 and §1.2
 */
export class OriginRun {
  readonly #options: OriginRunOptions;
  readonly #subscribers = new Subscribers();
  readonly #pacer: Pacer;
  /** Payloads that the subscribers accepted, with their etags. Etags are stored nowhere else. */
  #loaded: PayloadSet | null = null;
  /** When the origin last confirmed them. */
  #confirmedAt: Moment;
  #rejected: RejectedPayloads | null = null;
  /** Outcome of the last successful attempt. */
  #outcome: Outcome = "unchanged";
  #unfollow: (() => void) | undefined;
  #uncount: (() => void) | undefined;

  constructor(options: OriginRunOptions) {
    this.#options = options;
    const { pacing, ports } = options;
    this.#confirmedAt = momentAgo(ports.clock);
    this.#pacer = new Pacer(() => (pacing === null ? ON_REQUEST : lifecyclePace(pacing)), {
      clock: ports.clock,
      random: ports.random,
      isLoaded: () => this.#subscribers.current !== null,
      attempt: (signal, answered) => this.#attempt(signal, answered),
      ended: (failure, next) => this.#report(failure, next),
    });
  }

  /** Starts the first attempt and follows the stream, or waits for a request. */
  start(): void {
    const { follows, origin, ports } = this.#options;
    if (!this.#isIdle) this.#uncount = countRun(origin, ports.diagnostics);
    if (follows) {
      const listener: FollowListener = {
        // Polling continues at its pace, because an attempt costs at most one request.
        up() {},
        down() {},
        changed: (news) => this.#pacer.again({ abort: news === "payloads" }),
      };
      this.#unfollow = origin.follow?.(listener, ports);
    }
    this.#pacer.start(this.#isIdle ? "later" : "now");
  }

  /** Whether attempts are made only on request. */
  get #isIdle(): boolean {
    return this.#options.pacing === null && !this.#options.follows;
  }

  /**
   * Adds a client and offers it the loaded payloads.
   *
   * @returns a function that removes the client, and returns whether it was the last one. Removing
   * the last client ends the run in the same turn.
   */
  add(sink: SourceSink, context: SourceContext): () => boolean {
    const payloads = this.#loaded;
    const ageMs = (): number => msSince(this.#confirmedAt, this.#options.ports.clock);
    const loaded = payloads === null ? null : { payloads, ageMs };
    const remove = this.#subscribers.add(sink, context, loaded);
    if (this.#isIdle) this.#subscribers.idle();
    return () => {
      if (!remove()) return false;
      this.#pacer.stop();
      this.#unfollow?.();
      this.#uncount?.();
      this.#options.origin.release?.();
      return true;
    };
  }

  /** Starts an attempt, or joins one that is waiting for its response. Never rejects. */
  async refresh(): Promise<RefreshOutcome> {
    const failure = await this.#pacer.now();
    if (failure !== null) return { outcome: "failed", error: failure.error };
    return { outcome: this.#outcome };
  }

  async #attempt(signal: AbortSignal, answered: () => void): Promise<Failure | null> {
    const held = this.#held();
    const result = await this.#options.origin.fetchOnce(held, { signal }).finally(answered);
    // The result is outdated, if it is a response at all, so it is dropped.
    if (signal.aborted) return closedFailure();
    switch (result.kind) {
      case "failed":
        return result.failure;
      case "unchanged":
        this.#outcome = "unchanged";
        if (held !== null) {
          this.#keep(held);
          await this.#subscribers.confirm(held);
        }
        return null;
      case "payloads": {
        const { payloads, failure, warnings = [] } = result;
        for (const warning of warnings) reportMissingPart(warning, this.#options.ports.diagnostics);
        if (failure === undefined) return this.#offer(payloads);
        // Offer an incomplete update only if it replaces nothing.
        return (this.#loaded === null ? await this.#offer(payloads) : null) ?? failure;
      }
    }
  }

  /**
   * Returns the payloads for a conditional request, if every subscriber has them. If a client has
   * another configuration, because its caller set one or it has just joined, the request is
   * unconditional.
   */
  #held(): PayloadSet | null {
    const held = this.#loaded ?? this.#subscribers.current;
    return held !== null && this.#subscribers.hold(held) ? held : null;
  }

  async #offer(payloads: PayloadSet): Promise<Failure | null> {
    const { digest } = this.#options.ports;
    const rejected = this.#rejected;
    if (rejected !== null && rejected.fingerprint === (await fingerprint(payloads, digest))) {
      return transientFailure(rejected.error);
    }
    const result = await this.#subscribers.offer(payloads);
    if (result.outcome === "failed") {
      const { error } = result;
      // An error with a cause (a missing key, a bug in the dialect) may be temporary, so it is not
      // remembered.
      if (error.cause === undefined) {
        this.#rejected = { fingerprint: await fingerprint(payloads, digest), error };
      }
      return transientFailure(error);
    }
    this.#keep(payloads);
    this.#outcome = result.outcome;
    return null;
  }

  #keep(payloads: PayloadSet): void {
    this.#loaded = payloads;
    this.#confirmedAt = momentAgo(this.#options.ports.clock);
    this.#rejected = null;
  }

  #report(failure: Failure | null, next: { readonly inMs: number | null }): void {
    if (failure !== null) this.#subscribers.failed(failure, next);
    else if (next.inMs !== null) this.#subscribers.scheduled(next.inMs);
  }
}

/** Returns a string that identifies payloads later, so that they need not be kept. */
async function fingerprint(payloads: PayloadSet, digest: Digest): Promise<string> {
  const parts = await Promise.all(
    payloads.map(
      async ({ part, bytes }) => `${part} ${Buffer.from(await digest(bytes)).toString("hex")}`,
    ),
  );
  return parts.join("\n");
}
