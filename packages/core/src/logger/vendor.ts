import type { Receipt } from "../delivery/receipt.js";
import type { AbortSignalLike } from "../runtime/host.js";

/** Why a message is not sent again. `unconfirmed`: an earlier request without a response may have delivered it. */
export type RefusalReason = "too-large" | "refused" | "unconfirmed";

/** Outcome of delivering one message. Only the first call has an effect. */
export interface Settle {
  /**
   * Calls the logger behind this one with the event. If it claims the receipt, its outcome decides what is counted.
   *
   * @param onEnded - called once with the final outcome of the event.
   */
  handOver<Result>(call: () => Result, onEnded?: Receipt["settle"]): Result;
  /** The vendor has received the message. */
  delivered(): void;
  /** The library gave up, and another attempt is pointless. */
  failed(error: unknown): void;
  /**
   * The library gave up, but a later attempt may succeed, so the message returns to the buffer.
   *
   * @param isUncertain - whether the service may have it. Default: derived from the error.
   */
  retry(error: unknown, isUncertain?: boolean): void;
  /**
   * The service refused the message. The error, if given, has the status.
   *
   * @param isLasting - whether it refused this particular message, and not every message. Default: true.
   */
  refused(reason: RefusalReason, error?: unknown, isLasting?: boolean): void;
}

/** Outcome of the requests that a library sends and retries itself. */
export interface Attempts {
  /** The service accepted a request. */
  succeeded(): void;
  /** A request failed. The library may retry it. */
  failed(error: unknown): void;
}

/** The members of a vendor's library that a logger needs. */
export interface Vendor<Message> {
  /**
   * Whether it reports each request to `Attempts`. If not, the outcomes of messages show whether
   * deliveries succeed.
   */
  readonly reportsAttempts?: boolean;
  /** URL of the service, for the host in diagnostics. Absent or `null`: unknown. Read when a delivery fails. */
  readonly url?: string | null;
  /** Takes a message, and settles it once, immediately or later. If it throws, the message fails. */
  send(message: Message, settle: Settle): void;
  /**
   * Tells the library to send its queued messages. Resolves when that attempt has ended, successfully or not.
   * It is not called again before that. A rejection is reported and otherwise ignored.
   */
  flush(): Promise<unknown>;
  /**
   * Gives up an unsettled message when the logger closes, so that it is not sent later. Returns whether the service may have it,
   * because it was sent in a request without a response. If absent, it may have all messages that the library has.
   */
  abandon?(message: Message): boolean;
  /**
   * Closes an instance that the logger created, and aborts its requests. Absent if the instance belongs
   * to the user.
   */
  close?(timeoutMs: number): unknown;
}

/** How messages reach a vendor's library. */
export interface VendorPlan<Message> {
  /** Maximum number of undelivered messages in the library, because we do not control its queue. */
  readonly maxInFlight: number;
  /**
   * Messages per request. `maxInFlight` is a multiple of it. While more messages wait than there are free
   * slots, they are handed over in whole batches. Default: 1.
   */
  readonly batchSize?: number;
  /** Number of waiting events at which they are handed over. 1: each event immediately. */
  readonly handOverAt: number;
  /** Time after which fewer events are handed over. */
  readonly flushIntervalMs: number;
  /**
   * Takes a message that does not fit into the buffer, in the caller's turn or at its end, and settles it once,
   * immediately or later. If it throws, the message fails. If absent, such messages are dropped.
   */
  divert?(message: Message, settle: Settle): void;
  /**
   * Called when the logger begins to close. Messages that are unsettled at the end of the time limit are dropped, so a plan
   * that can settle them without its service does so before.
   */
  closing?(limit: {
    readonly timeoutMs: number;
    readonly signal?: AbortSignalLike | undefined;
  }): void;
  /** Called once, before the first message is handed over. */
  open(attempts: Attempts): Vendor<Message> | Promise<Vendor<Message>>;
}
