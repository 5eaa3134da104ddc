/** How the hand-over of one message ended. The first call counts, later ones do nothing. */
export interface Settle {
  /** The vendor has it. */
  delivered(): void;
  /** It was given up: nobody will try again. */
  failed(error: unknown): void;
}

/** A vendor's library, as far as a logger needs it. */
export interface Vendor<Message> {
  /** Takes a message, and settles it once, then or later. If it throws, the message failed. */
  send(message: Message, settle: Settle): void;
  /**
   * Asks the library to send what it holds. Resolves when that attempt has ended, well or not; never
   * called again before. What it rejects with is reported and otherwise ignored.
   */
  flush(): Promise<unknown>;
  /**
   * Closes an instance that the logger made, and aborts what is still on its way. Absent: the
   * instance is the user's.
   */
  close?(timeoutMs: number): unknown;
}

/** How messages reach a vendor's library. */
export interface VendorPlan<Message> {
  /** Whether the logger makes the vendor's instance, and so closes it. */
  readonly owned: boolean;
  /** Messages that the library may have undelivered at a time: what it queues is out of our hands. */
  readonly maxInFlight: number;
  /** Events are handed over when so many wait; 1: each at once. */
  readonly handOverAt: number;
  /** Fewer events are handed over after so long. */
  readonly flushIntervalMs: number;
  /** Called once, with the first hand-over. */
  open(): Vendor<Message> | Promise<Vendor<Message>>;
}
