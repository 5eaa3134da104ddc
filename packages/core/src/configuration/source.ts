import type { SortitionError } from "../errors/errors.js";
import type { PayloadSet } from "../model/configuration.js";
import type { Dialect } from "../model/dialect.js";
import type { Clock } from "../runtime/clock.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import type { Digest } from "../runtime/digest.js";
import type { AbortSignalLike } from "../runtime/host.js";
import type { Random } from "../runtime/random.js";
import type { Failure } from "./origin.js";

/** How old the source's knowledge is. */
export interface SourceAge {
  /**
   * How long ago the origin confirmed these bytes, ms; 0 (just now) unless given. `status.ageMs`,
   * `stale` and `fresh` follow it.
   */
  readonly ageMs?: number | undefined;
}

/** Payloads that were loaded but not yet swapped in. */
export type PreparedUpdate =
  | {
      readonly outcome: "changed";
      /**
       * Swaps them in. Does nothing once the client is closed. A dialect that throws here is reported
       * as a failure of the client, which keeps its configuration.
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
   * Loads without swapping and without confirming anything: after `unchanged` the source calls
   * {@link confirmed}, after `changed` it calls `apply`.
   */
  prepare(payloads: PayloadSet): Promise<PreparedUpdate>;
  /**
   * Loads and swaps. `unchanged`: same bytes, nothing was loaded, the client's configuration is
   * confirmed. `rejected`: unusable as a whole, or the dialect threw.
   *
   * Payloads from `disk` are a copy of an earlier process: their configuration is served as
   * unconfirmed, and only if it is better than the current one (else `unchanged`).
   */
  offer(payloads: PayloadSet, age?: SourceAge): Promise<OfferResult>;
  /**
   * The origin has exactly what the client has. Ignored if the client has a younger confirmation.
   */
  confirmed(age?: SourceAge): void;
  /** An attempt failed; the next one starts in `inMs`, or only on request (`null`). */
  failed(failure: Failure, next: { readonly inMs: number | null }): void;
  /** The last attempt succeeded; the next one starts in `inMs`. */
  scheduled(next: { readonly inMs: number }): void;
  /** No attempt starts by itself from now on: the source fetches only on `refresh`. */
  idle(): void;
}

/** The client's ports, lent to its source. */
export interface SourceContext {
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly random: Random;
  readonly digest: Digest;
  readonly diagnostics: Diagnostics;
  /** What the client holds at this moment, with its etags; `null`: nothing, or set by hand. */
  current(): PayloadSet | null;
}

/** What a refresh by hand came to. */
export type RefreshOutcome =
  | { readonly outcome: "updated" | "unchanged" }
  | { readonly outcome: "failed"; readonly error: SortitionError };

/** One client's interest in a source. */
export interface Subscription {
  /** Leaves. What can be done synchronously is done in the same turn; safe to call twice. */
  end(options: { readonly signal: AbortSignalLike }): Promise<void>;
}

/**
 * How the copy of the last configuration on disk does: `off` without one, `failing` if it could not
 * be written the last time.
 */
export type DiskState = "off" | "ok" | "failing";

/** Pushes configurations into clients. One object may be given to several of them. */
export interface ConfigurationSource {
  /** `polling`, `file`, `static` or `redis`. */
  readonly kind: string;
  /** Ms between two looks; `null`: it does not look by itself. */
  readonly intervalMs: number | null;
  /** Longest that one look takes, ms; 5 000 unless told. */
  readonly requestTimeoutMs?: number | undefined;
  /** The dialect of its origin; `null` if it takes whatever its client speaks. */
  readonly dialect: Dialect | null;
  /** How the copy on disk does, if it keeps one. */
  readonly disk?: DiskState;
  /** The scope of its origin, which names caches; none if there is no origin behind it. */
  readonly scope?: string;
  /** The first subscriber starts it, the last one to leave stops it. */
  subscribe(sink: SourceSink, context: SourceContext): Subscription;
  /** Looks now, or joins a look in flight. Never rejects. */
  refresh(options: { readonly signal: AbortSignalLike }): Promise<RefreshOutcome>;
}
