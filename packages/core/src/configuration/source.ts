import type { SortitionError } from "../errors/errors.js";
import type { Configuration, PayloadSet } from "../model/configuration.js";
import type { Dialect, DialectAddresses } from "../model/dialect.js";
import type { Clock } from "../runtime/clock.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import type { Digest } from "../runtime/digest.js";
import type { AbortSignalLike } from "../runtime/host.js";
import type { Random } from "../runtime/random.js";
import type { Failure, StreamStatus } from "./origin.js";

/** How old the source's knowledge is. */
export interface SourceAge {
  /**
   * How long ago the origin confirmed these bytes, ms. It determines `status.ageMs`, `stale` and `fresh`. Default: 0,
   * just now.
   */
  readonly ageMs?: number | undefined;
}

/** Payloads that were loaded but not yet swapped in. */
export type PreparedUpdate =
  | {
      readonly outcome: "changed";
      /**
       * Swaps them in. Does nothing after the client is closed. If the dialect throws here, this is reported as a
       * failure of the client, which keeps its configuration.
       */
      apply(age?: SourceAge): void;
    }
  | { readonly outcome: "unchanged" }
  | { readonly outcome: "rejected"; readonly error: SortitionError };

/** Outcome of offering payloads to a client. */
export type OfferResult =
  | { readonly outcome: "applied" | "unchanged" }
  | { readonly outcome: "rejected"; readonly error: SortitionError };

/** The client's side of a subscription. No method throws or rejects. */
export interface SourceSink {
  /**
   * Loads payloads without swapping or confirming them. After `unchanged` the source calls {@link confirmed}, after
   * `changed` it calls `apply`.
   */
  prepare(payloads: PayloadSet): Promise<PreparedUpdate>;
  /**
   * Loads payloads and swaps them in. `unchanged`: the bytes are the same, so nothing was loaded, and the client's
   * configuration is confirmed. `rejected`: the payloads are unusable, or the dialect threw.
   *
   * Payloads from `disk` are a copy from an earlier process. Their configuration is used without confirmation, and only
   * if it is better than the current one. Otherwise the result is `unchanged`.
   */
  offer(payloads: PayloadSet, age?: SourceAge): Promise<OfferResult>;
  /**
   * Swaps in, in the same turn, a configuration that the source compiled with the client's dialect. If the dialect
   * throws, this is reported as a failure of the client, which keeps its configuration. Absent: this client only
   * accepts payloads.
   */
  install?(configuration: Configuration): void;
  /** The origin has the same payloads as the client. Ignored if the client has a more recent confirmation. */
  confirmed(age?: SourceAge): void;
  /** An attempt failed. The next one starts in `inMs`, or only on request (`null`). */
  failed(failure: Failure, next: { readonly inMs: number | null }): void;
  /** The last attempt succeeded. The next one starts in `inMs`. */
  scheduled(next: { readonly inMs: number }): void;
  /** Attempts no longer start automatically. The source only fetches on `refresh`. */
  idle(): void;
  /**
   * The application paused or resumed the attempts. During a pause, a configuration that becomes stale is not reported,
   * and no timer keeps the client alive.
   */
  paused?(isPaused: boolean): void;
}

/** The parts of the client that its source uses. */
export interface SourceContext {
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly random: Random;
  readonly digest: Digest;
  readonly diagnostics: Diagnostics;
  /**
   * Returns the payloads of the client's configuration, with their etags. `null`: there is none, or the caller set it.
   */
  current(): PayloadSet | null;
}

/** Outcome of a refresh that was requested. */
export type RefreshOutcome =
  | { readonly outcome: "updated" | "unchanged" }
  | { readonly outcome: "failed"; readonly error: SortitionError };

/** Subscription of one client to a source. */
export interface Subscription {
  /** Ends the subscription. Synchronous work is done in the same turn. Safe to call twice. */
  end(options: { readonly signal: AbortSignalLike }): Promise<void>;
}

/**
 * State of the copy of the last configuration on disk. `off`: there is none. `failing`: the last write failed, or the
 * directory cannot be used.
 */
export type DiskState = "off" | "ok" | "failing";

/** Pushes configurations into clients. One object may be shared by several clients. */
export interface ConfigurationSource {
  /** `polling`, `streaming`, `file`, `static` or `redis`. */
  readonly kind: string;
  /** Interval between attempts, ms. `null`: only on `refresh`. */
  readonly intervalMs: number | null;
  /** Deadline of one attempt, ms. Default: 5,000. */
  readonly requestTimeoutMs?: number | undefined;
  /** The `lateHint` of its origin. */
  readonly lateHint?: string | undefined;
  /**
   * The dialect of its origin, which clients without a dialect use, or only its addresses. `null` if it works with any
   * dialect.
   */
  readonly dialect: DialectAddresses | null;
  /** State of the copy on disk, if there is one. */
  readonly disk?: DiskState;
  /** State of its origin's stream, if it follows one. */
  readonly stream?: StreamStatus | undefined;
  /** Scope of its origin, which names caches. Absent without an origin. */
  readonly scope?: string;
  /** Subscribes a client. The first subscription starts the source, and the end of the last one stops it. */
  subscribe(sink: SourceSink, context: SourceContext): Subscription;
  /** Starts an attempt now, or joins the one in progress. Never rejects. */
  refresh(options: { readonly signal: AbortSignalLike }): Promise<RefreshOutcome>;
}
