import type { AssignmentLogger } from "../delivery/assignment-logger.js";
import type { Reservation } from "../delivery/deduplication-store.js";
import type { EventKind } from "../delivery/logged-event.js";
import type { AssignmentEvent } from "../model/exposure.js";
import type { Assignment } from "./assignment.js";
import type { BanditAction } from "./bandit-action.js";

/** Called once, with `true` when a logger took the exposure, or `false` when all loggers lost it. */
export type FateListener = (wasTaken: boolean) => void;

/** An exposure that is being delivered to all loggers. */
export class PendingExposure implements Reservation {
  readonly #content: Assignment | BanditAction;
  #isDetached = false;
  /** Number of queues in which it has not settled. */
  #open = 0;
  #onFate: FateListener | null;

  constructor(content: Assignment | BanditAction, onFate: FateListener) {
    this.#content = content;
    this.#onFate = onFate;
  }

  get kind(): EventKind {
    return this.#content.kind;
  }

  get flagKey(): string {
    return this.#content.flagKey;
  }

  /** ID of its event, created on first read. */
  get messageId(): string {
    return this.#content.messageId;
  }

  /** Estimated size of its event. */
  get sizeBytes(): number {
    return this.#content.sizeBytes;
  }

  /** Calls a logger with its event, and returns the result. */
  sendTo(logger: AssignmentLogger): unknown {
    const content = this.#content;
    if (content.kind === "bandit") return logger.logBanditAction?.(content.event);
    const { pending } = logger;
    if (pending?.insteadOf === logger.logAssignment && content.capture()) {
      return pending.log(content);
    }
    return logger.logAssignment(content.event);
  }

  /** Its event without the attributes that JSON cannot express. `null`: JSON can express all. */
  get expressibleEvent(): AssignmentEvent | null {
    return this.#content.kind === "bandit" ? null : this.#content.expressibleEvent;
  }

  /** Copies the caller's attributes, which may change while the event waits. */
  detach(): void {
    if (this.#isDetached) return;
    this.#isDetached = true;
    this.#content.detach();
  }

  /** Sets the number of queues that will receive it. */
  openTo(loggers: number): void {
    this.#open = loggers;
  }

  /** Notes that it has settled in one queue. */
  settle(isDelivered: boolean): void {
    this.#open -= 1;
    if (!isDelivered && this.#open > 0) return;
    this.#onFate?.(isDelivered);
    this.#onFate = null;
  }
}
