import type { SortitionError } from "../errors/errors.js";
import type { PayloadSet } from "../model/configuration.js";
import type { Dialect } from "../model/dialect.js";
import type { AbortSignalLike } from "../runtime/host.js";

/**
 * How a failed attempt is to be followed up: `transient` failures are retried with back-off,
 * `unauthorized` and `rejected` ones fail fast and are probed slowly.
 */
export type FailureClass = "transient" | "unauthorized" | "rejected";

/** One failed attempt to get a configuration. */
export interface Failure {
  readonly kind: FailureClass;
  readonly error: SortitionError;
  /** What the server asked for with `Retry-After`; `null` if it did not. */
  readonly retryAfterMs: number | null;
  /** Name of the part that could not be fetched, where it is known. */
  readonly part?: string;
}

/** What one attempt found. */
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

/**
 * Where configurations are fetched from: a single shot without timers but its own deadline. Pacing
 * is somebody else's (the polling source, or the leader of a fleet).
 */
export interface ConfigurationOrigin {
  readonly dialect: Dialect;
  /** Hex SHA-256 that names caches without revealing the key. */
  readonly scope: string;
  /** Longest that one attempt takes, ms; 5 000 unless told. */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * Asks once. Never rejects.
   *
   * @param current - what the caller holds, with the etags to ask with; `null`: ask unconditionally.
   */
  fetchOnce(
    current: PayloadSet | null,
    options: { readonly signal: AbortSignalLike },
  ): Promise<FetchResult>;
  /**
   * Lets go of connections, those in use too: nobody needs the origin at the moment. The next
   * attempt makes new ones.
   */
  release?(): void;
}
