import type { AssignmentLogger } from "../delivery/assignment-logger.js";
import type { Reservation } from "../delivery/deduplication-store.js";
import type { Ending } from "../delivery/ledger.js";
import type { EventKind } from "../delivery/logged-event.js";
import type { Receipt } from "../delivery/receipt.js";
import type { AssignmentEvent } from "../model/exposure.js";
import type { Assignment } from "./assignment.js";
import type { BanditAction } from "./bandit-action.js";

/** How deep the loggers that are being called are nested: 0 outside of them. */
let depth = 0;

/** Called once: `false` if all loggers lost the exposure and a later attempt may succeed, otherwise `true`. */
export type FateListener = (isSettled: boolean) => void;

/** An exposure that is being delivered to all loggers. It is the receipt that a logger's later outcome settles. */
export class PendingExposure implements Reservation, Receipt {
  readonly kind: EventKind;
  readonly flagKey: string;
  /** Number of events of which each caused the next, because a logger evaluates flags while it is called. */
  readonly depth: number = depth;
  /** `null` after all loggers took it. Only its ID is needed then. */
  #content: Assignment | BanditAction | null;
  #messageId: string | null = null;
  #isDetached = false;
  /** Number of loggers whose outcome is not known. */
  #open = 0;
  /** Number of loggers that have not received it. */
  #unsent = 0;
  #mayPassLater = false;
  #onFate: FateListener | null;

  /** @param onFate - `null`: the outcome does not matter, because exposures are not remembered. */
  constructor(content: Assignment | BanditAction, onFate: FateListener | null) {
    this.kind = content.kind;
    this.flagKey = content.flagKey;
    this.#content = content;
    this.#onFate = onFate;
  }

  /** Whether its outcome is still of interest to the deduplication. */
  get isReserved(): boolean {
    return this.#onFate !== null;
  }

  /** ID of its event, created on first read. */
  get messageId(): string {
    return this.#messageId ?? (this.#content as Assignment | BanditAction).messageId; // one of them is set
  }

  /** Estimated size of its event. */
  get sizeBytes(): number {
    return this.#content?.sizeBytes ?? 0;
  }

  /**
   * Calls a logger, and returns the result.
   *
   * @param event - sent instead of its own event.
   */
  sendTo(logger: AssignmentLogger, event: AssignmentEvent | null = null): unknown {
    const content = this.#content;
    const former = depth;
    depth = this.depth + 1;
    try {
      if (event !== null) return logger.logAssignment(event);
      if (content === null) return undefined;
      if (content.kind === "bandit") return logger.logBanditAction?.(content.event);
      const { pending } = logger;
      if (pending?.insteadOf === logger.logAssignment && content.capture()) {
        return pending.log(content);
      }
      return logger.logAssignment(content.event);
    } finally {
      depth = former;
    }
  }

  /** Its event without the attributes that JSON cannot express. `null`: JSON can express all. */
  get expressibleEvent(): AssignmentEvent | null {
    const content = this.#content;
    return content?.kind === "assignment" ? content.expressibleEvent : null;
  }

  /** Copies the caller's attributes, which may change while the event waits. */
  detach(): void {
    if (this.#isDetached) return;
    this.#isDetached = true;
    this.#content?.detach();
  }

  /** Sets the number of queues that will receive it. */
  openTo(loggers: number): void {
    this.#open = loggers;
    this.#unsent = loggers;
  }

  /** Notes that a logger took it and will settle it later. */
  hold(): void {
    this.#unsent -= 1;
    this.#noteSent();
  }

  /** Notes its outcome in one queue, where no logger holds it. */
  end(ending: Ending): void {
    this.#unsent -= 1;
    this.settle(ending);
    this.#noteSent();
  }

  settle(ending: Ending, isLasting = false): void {
    this.#open -= 1;
    if (ending !== "delivered") {
      if (!isLasting) this.#mayPassLater = true;
      if (this.#open > 0) return;
    }
    this.#onFate?.(ending === "delivered" || !this.#mayPassLater);
    this.#onFate = null;
  }

  /** Releases the event, so that the deduplication does not keep the attributes of all events that loggers hold. */
  forget(): void {
    this.#messageId = this.messageId;
    this.#content = null;
  }

  #noteSent(): void {
    if (this.#unsent === 0 && this.#open > 0) forgetSoon(this);
  }
}

/** Exposures of this turn that are held by loggers. */
let held: PendingExposure[] = [];

/** Waits for the end of the turn, because loggers build events and their IDs then. */
function forgetSoon(exposure: PendingExposure): void {
  if (held.push(exposure) > 1) return;
  void Promise.resolve().then(() => {
    const exposures = held;
    held = [];
    for (const it of exposures) it.forget();
  });
}
