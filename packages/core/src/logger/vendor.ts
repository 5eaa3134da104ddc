/** Why the vendor's service cannot accept a message, whenever it is sent. */
export type RefusalReason = "too-large" | "refused";

/** Outcome of delivering one message. Only the first call has an effect. */
export interface Settle {
  /** The vendor has it. */
  delivered(): void;
  /** The library gave it up, and a further attempt is pointless. */
  failed(error: unknown): void;
  /** The library gave it up, but a later attempt may succeed: it goes back into the buffer. */
  retry(error: unknown): void;
  /** The service refused this very message. The error, if given, says by which status. */
  refused(reason: RefusalReason, error?: unknown): void;
}

/** Outcome of the requests that a library sends and repeats by itself. */
export interface Attempts {
  /** The service accepted a request. */
  succeeded(): void;
  /** A request failed; the library may repeat it. */
  failed(error: unknown): void;
}

/** A vendor's library, as far as a logger needs it. */
export interface Vendor<Message> {
  /**
   * Whether it reports each request to `Attempts`. If not, deliveries fail or succeed by the outcome of
   * messages.
   */
  readonly reportsAttempts?: boolean;
  /** URL of the service, whose host diagnostics name. Absent or `null`: unknown. Read when a delivery fails. */
  readonly url?: string | null;
  /** Takes a message, and settles it once, then or later. If it throws, the message failed. */
  send(message: Message, settle: Settle): void;
  /**
   * Asks the library to send its queued messages. Resolves when that attempt has ended, successful or not; it
   * is not called again before. A rejection is reported and otherwise ignored.
   */
  flush(): Promise<unknown>;
  /**
   * Closes an instance that the logger made, and aborts its requests. Absent: the instance is the
   * user's.
   */
  close?(timeoutMs: number): unknown;
}

/** How messages reach a vendor's library. */
export interface VendorPlan<Message> {
  /** Undelivered messages that the library may hold: its own queue is out of our control. */
  readonly maxInFlight: number;
  /**
   * Messages of one request; `maxInFlight` is a multiple of it. While more wait than there are free
   * slots, they are handed over in whole batches. Default: 1.
   */
  readonly batchSize?: number;
  /** Events are handed over when this many wait; 1: each at once. */
  readonly handOverAt: number;
  /** Fewer events are handed over after this time. */
  readonly flushIntervalMs: number;
  /**
   * Takes a message for which the buffer has no room, in the caller's turn or at its end, and settles it once, then
   * or later. If it throws, the message failed. Absent: such a message is dropped.
   */
  divert?(message: Message, settle: Settle): void;
  /** Called once, before the first message is handed over. */
  open(attempts: Attempts): Vendor<Message> | Promise<Vendor<Message>>;
}
