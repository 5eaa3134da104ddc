import type { AbortSignalLike, Failure, FetchResult, PayloadSet } from "@sortition/core/internal";
import type { StreamEvent } from "../http/stream/event-parser.js";

/** Callbacks of a connection to the origin that opened it. Calls have no effect once the origin has closed the connection. */
export interface StreamLink {
  /** The connection is established: events may arrive. Called again after {@link down}. */
  opened(): void;
  /** Bytes have arrived, of a comment, too. May be left out for those of an event. */
  alive(): void;
  /** In the order of their arrival. */
  event(event: StreamEvent): void;
  /**
   * Events no longer arrive, and the connection is made again by itself. It must not continue from an earlier event
   * then, because the flags requested meanwhile are newer.
   */
  down(failure: Failure): void;
  /** The connection ended for good: the origin opens another one, as the plan says. */
  ended(failure: Failure): void;
}

/** Why a connection is opened: the first one, after the life of another, at once after one that was lost, or later. */
export type OpenReason = "start" | "replace" | "lost" | "retry";

/** How a connection is opened. */
export interface OpenHow {
  /** Id of the event to continue from; `""` if part of the held data came from a request, so that no event may be continued from. */
  readonly lastEventId: string;
  readonly why: OpenReason;
}

/** What an event means. `alive`: the server is there; `ignored` is no sign of that. */
export type StreamNews =
  | {
      readonly kind: "payloads";
      readonly payloads: PayloadSet;
      /** Whether the event contains the whole configuration, so that no request is needed after an outage. Default: false. */
      readonly isWhole?: boolean;
    }
  | { readonly kind: "fetch" | "alive" | "ignored" };

/** A connection, or a series of them, that was lost. */
export interface LostStream {
  readonly failure: Failure;
  /** Whether changes were delivered until now. */
  readonly wasUp: boolean;
  /** Connections in a row that delivered nothing, this one included; 1 if it did. */
  readonly inARow: number;
}

/** A connection that was opened. */
export interface OpenConnection {
  /** Ends it in the same turn. */
  close(): void;
}

/** A vendor's stream: its wire and its numbers. None of its functions but `read` and `open` may throw. */
export interface StreamPlan {
  /** Origin of the URL of the stream, for messages. */
  readonly server?: string | undefined;
  /** Opens a connection. A throw counts as a connection that ended. */
  open(link: StreamLink, how: OpenHow): OpenConnection;
  /**
   * What an event means. A throw means that it is garbage.
   *
   * @param held - the newest set, from the stream or a request, so that patches add up; `null`: there is none.
   */
  read(event: StreamEvent, held: PayloadSet | null): StreamNews;
  /**
   * Adds parts that events lack, by requests. Never rejects. One at a time, in order.
   *
   * @param payloads - the newest set. @param held - what the caller of `fetchOnce` holds.
   */
  complete?(
    payloads: PayloadSet,
    held: PayloadSet | null,
    signal: AbortSignalLike,
  ): Promise<FetchResult>;
  /** Asked after each request while there is no connection, and, if it starts with the stream, at the start. Default: true. */
  mayOpen?(): boolean;
  /** Ms after which a connection is replaced. Default: never. */
  lifeMs?(u: number): number;
  /**
   * `fetch`: a request, then the stream, which is up when it is open; what changed during an interruption is requested.
   * `stream`: each connection begins with the whole configuration, and is up when that has arrived; the first `fetchOnce` waits for
   * it, or for its failure.
   */
  readonly startsWith: "fetch" | "stream";
  /** Ms from `open` until it is up, else it is lost; `null`: no bound but that of the connection. */
  readonly readyMs: number | null;
  /** Reaction to an event that is garbage: a request, or another connection. */
  readonly onGarbage: "fetch" | "reopen";
  /** Ms without payloads or `alive` after which it is lost; `null`: the connection's own watchdog counts bytes. */
  readonly silenceMs: number | null;
  /**
   * Ms until another connection is opened; `null`: none before the next request. 0: in the same turn, which is for a
   * stream that was up.
   */
  reopenMs(lost: LostStream, u: number): number | null;
}
