import { estimateBytes } from "../delivery/size-estimate.js";
import type { BanditEvent } from "../model/exposure.js";
import { copyOfAttributes } from "./attributes-copy.js";

/** A bandit's choice with its event. */
export class BanditAction {
  readonly kind = "bandit";
  readonly flagKey: string;
  #event: BanditEvent;

  constructor(event: BanditEvent) {
    this.flagKey = event.flagKey;
    this.#event = event;
  }

  get event(): BanditEvent {
    return this.#event;
  }

  get messageId(): string {
    return this.#event.messageId;
  }

  /** Gives the event the ID of the same action, which was lost before. */
  useId(id: string): void {
    this.#event = Object.freeze({ ...this.#event, messageId: id });
  }

  /** Estimated size of the event. */
  get sizeBytes(): number {
    return estimateBytes(this.#event);
  }

  /** Copies the caller's attributes, which may change while the event waits. */
  detach(): void {
    const event = this.#event;
    this.#event = Object.freeze({
      ...event,
      subjectNumericAttributes: copyOfAttributes(event.subjectNumericAttributes),
      subjectCategoricalAttributes: copyOfAttributes(event.subjectCategoricalAttributes),
      actionNumericAttributes: copyOfAttributes(event.actionNumericAttributes),
      actionCategoricalAttributes: copyOfAttributes(event.actionCategoricalAttributes),
    });
  }
}
