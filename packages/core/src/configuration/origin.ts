import type { SortitionError } from "../errors/errors.js";
import type { PayloadSet } from "../model/configuration.js";
import type { DialectAddresses } from "../model/dialect.js";
import type { AbortSignalLike } from "../runtime/host.js";
import type { SourceContext } from "./source.js";

/**
 * How to continue after a failed attempt. `transient` failures are retried with back-off. `unauthorized` and `rejected`
 * failures end waits immediately and are probed slowly.
 */
export type FailureClass = "transient" | "unauthorized" | "rejected";

/** One failed attempt to get a configuration. */
export interface Failure {
  readonly kind: FailureClass;
  readonly error: SortitionError;
  /** Delay that the server requested with `Retry-After`, or `null`. */
  readonly retryAfterMs: number | null;
  /** Name of the part that could not be fetched, if it is known. */
  readonly part?: string;
}

/** Result of one attempt. */
export type FetchResult =
  | { readonly kind: "unchanged" }
  | {
      readonly kind: "payloads";
      /** A part may be marked optional (`Payload.isOptional`). */
      readonly payloads: PayloadSet;
      /**
       * Failures of optional parts. The attempt has still succeeded. Each warning is reported, and the origin requests
       * these parts again in the next attempt, because `current` lacks their new bytes.
       */
      readonly warnings?: readonly Failure[];
      /**
       * A required part could not be fetched. Only a client without a configuration uses the payloads, and the attempt
       * is counted as failed.
       */
      readonly failure?: Failure;
    }
  | { readonly kind: "failed"; readonly failure: Failure };

/** What the stream of an origin has done since the origin was created. */
export interface StreamStatus {
  /** Whether it is delivering changes. */
  readonly isUp: boolean;
  /** How many times it began to deliver. */
  readonly opened: number;
  /** How many times it ended afterwards for any reason other than its caller. */
  readonly lost: number;
  /** Events received. */
  readonly events: number;
  /** Bytes of event data received. */
  readonly bytes: number;
}

/** Receives the state of the stream of an origin. No method throws. */
export interface FollowListener {
  /** The stream is open. `fetchOnce` sends no requests from now on, unless the server requests one. */
  up(): void;
  /** The stream is lost or could not be opened. `fetchOnce` sends requests again, at the polling interval. */
  down(failure: Failure): void;
  /**
   * An attempt should start now. `payloads`: the stream has newer payloads than a request in progress, which is
   * aborted. `fetch`: an attempt in progress continues, and another one follows.
   */
  changed(news: "payloads" | "fetch"): void;
}

/**
 * Fetches a configuration, once per call, with no timer except its deadline. Its caller (the polling source or the
 * leader of a fleet) decides when.
 */
export interface ConfigurationOrigin {
  /**
   * The dialect, or only its addresses. In the second case, the clients of its source use the caller's dialect or
   * `eppo()`.
   */
  readonly dialect: DialectAddresses;
  /** SHA-256 in hex, which names caches. The key cannot be recovered from it. */
  readonly scope: string;
  /** Deadline of one attempt, ms. Default: 5,000. */
  readonly requestTimeoutMs?: number | undefined;
  /** Message to report while there is no response: the server, and what to check. It contains no key and no query. */
  readonly lateHint?: string | undefined;
  /**
   * Fetches once. Never rejects.
   *
   * @param current - the caller's payloads, whose etags are sent with the request. `null`: send an unconditional
   * request.
   */
  fetchOnce(
    current: PayloadSet | null,
    options: { readonly signal: AbortSignalLike },
  ): Promise<FetchResult>;
  /**
   * Follows the server's stream, so that `fetchOnce` needs no requests while the stream is open. Only one caller can
   * follow it at a time; `down` is called immediately for a second one. Never throws. Absent: there is no stream.
   *
   * @returns a function that ends it in the same turn. Nothing is called afterwards.
   */
  follow?(
    listener: FollowListener,
    ports: Pick<SourceContext, "clock" | "random" | "diagnostics">,
  ): () => void;
  /** State of the stream. Absent if there is no stream. */
  readonly stream?: StreamStatus;
  /** Closes all connections, including those in use. The next attempt opens new connections. */
  release?(): void;
}
