import type { AbortSignalLike, Failure, FetchResult, PayloadSet } from "@sortition/core/internal";
import type { StreamEvent } from "../http/stream/event-parser.js";

/**
 * Callbacks through which a connection reports to the origin that opened it. They have no effect
 * once the origin has closed the connection.
 */
export interface StreamLink {
  /** The connection is established and events may follow. Called again after {@link down}. */
  opened(): void;
  /** Bytes were received, including those of comments. Optional if they belong to an event. */
  alive(): void;
  /** An event was received. Called in the order in which events are received. */
  event(event: StreamEvent): void;
  /**
   * The connection was lost and reconnects on its own. It must not resume from an earlier event,
   * because flags requested in the meantime are newer.
   */
  down(failure: Failure): void;
  /** The connection ended for good. The origin opens another one according to the plan. */
  ended(failure: Failure): void;
}

/**
 * Why a connection is opened: initially, to replace one at the end of its lifetime, immediately
 * after one was lost, or as a later retry.
 */
export type OpenReason = "start" | "replace" | "lost" | "retry";

/** How to open a connection. */
export interface OpenHow {
  /**
   * Id of the event to resume from. `""` if part of the held data came from a request, because
   * resuming would then be unsafe.
   */
  readonly lastEventId: string;
  readonly why: OpenReason;
}

/** Meaning of an event. `alive` shows that the server is up; `ignored` does not. */
export type StreamNews =
  | {
      readonly kind: "payloads";
      readonly payloads: PayloadSet;
      /**
       * Whether the event contains the whole configuration, so that no request is needed after an
       * outage. Default: false.
       */
      readonly isWhole?: boolean;
    }
  | { readonly kind: "fetch" | "alive" | "ignored" };

/** A lost connection, or a series of them. */
export interface LostStream {
  readonly failure: Failure;
  /** Whether changes were delivered until then. */
  readonly wasUp: boolean;
  /**
   * Number of consecutive connections that delivered nothing, including this one. 1 if this one did
   * deliver.
   */
  readonly inARow: number;
}

/** An open connection. */
export interface OpenConnection {
  /** Ends the connection in the same turn. */
  close(): void;
}

/** A vendor's stream: its protocol and timing. Only `read` and `open` may throw. */
export interface StreamPlan {
  /** Origin of the stream's URL, for messages. */
  readonly server?: string | undefined;
  /** Opens a connection. If it throws, the connection is treated as ended. */
  open(link: StreamLink, how: OpenHow): OpenConnection;
  /**
   * Interprets an event. If it throws, the event is treated as unusable.
   *
   * @param held - the newest set, from the stream or a request, so that patches can be applied to
   * it. `null` if there is none.
   */
  read(event: StreamEvent, held: PayloadSet | null): StreamNews;
  /**
   * Adds parts that events lack, by requests. Never rejects. Called one at a time, in order.
   *
   * @param payloads - the newest set.
   * @param held - the payloads held by the caller of `fetchOnce`.
   */
  complete?(
    payloads: PayloadSet,
    held: PayloadSet | null,
    signal: AbortSignalLike,
  ): Promise<FetchResult>;
  /**
   * Whether a connection may be opened. Called after each request while there is no connection, and
   * initially if the plan starts with the stream. Default: true.
   */
  mayOpen?(): boolean;
  /** Returns the time in ms after which a connection is replaced. Default: never. */
  lifeMs?(u: number): number;
  /**
   * `fetch`: starts with a request, then opens the stream, which is up as soon as it is open.
   * Changes during an interruption are requested.
   * `stream`: each connection starts with the whole configuration, and is up once that is received.
   * The first `fetchOnce` waits for it, or for its failure, or for {@link waitMs}.
   */
  readonly startsWith: "fetch" | "stream";
  /**
   * Time in ms for which the first `fetchOnce` waits for the stream. It then makes a request, and the stream stays open.
   * Default: until the stream is up or has failed.
   */
  readonly waitMs?: number | undefined;
  /**
   * Time in ms from `open` until the connection must be up, or else it is lost. `null`: only the
   * connection's own limits apply.
   */
  readonly readyMs: number | null;
  /** Reaction to an unusable event: a request, or a new connection. */
  readonly onGarbage: "fetch" | "reopen";
  /**
   * Time in ms without payloads or `alive` after which the connection is lost. `null`: the
   * connection detects silence itself, by bytes.
   */
  readonly silenceMs: number | null;
  /**
   * Returns the time in ms until another connection is opened, or `null` for none before the next
   * request. 0 opens it in the same turn, which is meant for a stream that was up.
   */
  reopenMs(lost: LostStream, u: number): number | null;
}
