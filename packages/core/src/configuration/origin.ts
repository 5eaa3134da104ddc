import type { SortitionError } from "../errors/errors.js";
import type { PayloadSet } from "../model/configuration.js";
import type { DialectAddresses } from "../model/dialect.js";
import type { AbortSignalLike } from "../runtime/host.js";
import type { SourceContext } from "./source.js";

/**
 * What follows a failed attempt: `transient` failures are retried with back-off; `unauthorized` and
 * `rejected` ones end waits at once and are probed slowly.
 */
export type FailureClass = "transient" | "unauthorized" | "rejected";

/** One failed attempt to get a configuration. */
export interface Failure {
  readonly kind: FailureClass;
  readonly error: SortitionError;
  /** Delay that the server requested with `Retry-After`; `null` without one. */
  readonly retryAfterMs: number | null;
  /** Name of the part that could not be fetched, where it is known. */
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
       * Failures of optional parts. The attempt has succeeded; each warning is reported, and the origin
       * asks for these parts again at the next attempt, since `current` lacks their new bytes.
       */
      readonly warnings?: readonly Failure[];
      /**
       * A needed part could not be fetched. The payloads serve only a client that has nothing yet, and
       * the attempt counts as failed.
       */
      readonly failure?: Failure;
    }
  | { readonly kind: "failed"; readonly failure: Failure };

/** What the stream of an origin did since the origin was made. */
export interface StreamStatus {
  /** Whether it delivers changes now. */
  readonly isUp: boolean;
  /** How many times it began to deliver. */
  readonly opened: number;
  /** How many times it ended after that, other than by its caller. */
  readonly lost: number;
  /** Events received. */
  readonly events: number;
  /** Bytes of their data. */
  readonly bytes: number;
}

/** Receives the state of the stream of an origin. No method throws. */
export interface FollowListener {
  /** `fetchOnce` sends no request from now on, unless the server asks for one. */
  up(): void;
  /** The stream is lost, or could not be opened: `fetchOnce` sends requests, at the pace of polling. */
  down(failure: Failure): void;
  /**
   * An attempt is to be made now. `payloads`: the answer to a request in flight would be older, so it is aborted;
   * `fetch`: an attempt in flight goes on, and one more follows.
   */
  changed(news: "payloads" | "fetch"): void;
}

/**
 * Fetches a configuration, once per call, with no timer but its deadline. Its caller decides when: the
 * polling source, or the leader of a fleet.
 */
export interface ConfigurationOrigin {
  /** The dialect, or its addresses alone: then clients of a source over it are given the dialect by their caller, or have `eppo()`. */
  readonly dialect: DialectAddresses;
  /** Hex SHA-256 that names caches; the key cannot be read from it. */
  readonly scope: string;
  /** Deadline of one attempt, ms. Default: 5 000. */
  readonly requestTimeoutMs?: number | undefined;
  /** Message while no answer has come: the server, and what to check. No key, no query. */
  readonly lateHint?: string | undefined;
  /**
   * Fetches once. Never rejects.
   *
   * @param current - what the caller holds, with the etags to ask with; `null`: ask unconditionally.
   */
  fetchOnce(
    current: PayloadSet | null,
    options: { readonly signal: AbortSignalLike },
  ): Promise<FetchResult>;
  /**
   * Follows the server's stream, so that `fetchOnce` costs no request while that is up. One caller at a time: a second
   * one gets `down` at once. Never throws. Absent: there is no stream.
   *
   * @returns a function that ends it in the same turn; nothing is called afterwards.
   */
  follow?(
    listener: FollowListener,
    ports: Pick<SourceContext, "clock" | "random" | "diagnostics">,
  ): () => void;
  /** State of the stream; absent without one. */
  readonly stream?: StreamStatus;
  /**
   * Closes connections, including those in use. The next attempt opens new ones.
   */
  release?(): void;
}
