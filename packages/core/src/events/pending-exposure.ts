import type { AssignmentLogger } from "../delivery/assignment-logger.js";
import type { EventKind, LoggedEvent } from "../delivery/logged-event.js";
import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";

/** Called once: `true` when a logger took the exposure, `false` when all loggers lost it. */
export type FateListener = (wasTaken: boolean) => void;

/** One exposure on its way to all loggers. */
export class PendingExposure {
  readonly kind: EventKind;
  readonly messageId: string;
  readonly flagKey: string;
  #logged: LoggedEvent;
  #isDetached = false;
  /** Queues in which it has not settled. */
  #open = 0;
  #onFate: FateListener | null;

  constructor(logged: LoggedEvent, onFate: FateListener) {
    this.#logged = logged;
    this.#onFate = onFate;
    this.kind = logged.kind;
    this.messageId = logged.event.messageId;
    this.flagKey = logged.kind === "assignment" ? logged.event.featureFlag : logged.event.flagKey;
  }

  get event(): AssignmentEvent | BanditEvent {
    return this.#logged.event;
  }

  /** Calls a logger with it, and returns the result. */
  sendTo(logger: AssignmentLogger): unknown {
    const logged = this.#logged;
    return logged.kind === "assignment"
      ? logger.logAssignment(logged.event)
      : logger.logBanditAction?.(logged.event);
  }

  /** Copies the caller's attributes, which may change while the event waits. */
  detach(): void {
    if (this.#isDetached) return;
    this.#isDetached = true;
    this.#logged = copyOf(this.#logged);
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

function copyOf(logged: LoggedEvent): LoggedEvent {
  if (logged.kind === "assignment") {
    const { event } = logged;
    const subjectAttributes = copyAttributes(event.subjectAttributes);
    return { kind: "assignment", event: Object.freeze({ ...event, subjectAttributes }) };
  }
  const { event } = logged;
  return {
    kind: "bandit",
    event: Object.freeze({
      ...event,
      subjectNumericAttributes: copyAttributes(event.subjectNumericAttributes),
      subjectCategoricalAttributes: copyAttributes(event.subjectCategoricalAttributes),
      actionNumericAttributes: copyAttributes(event.actionNumericAttributes),
      actionCategoricalAttributes: copyAttributes(event.actionCategoricalAttributes),
    }),
  };
}

/** A shallow copy without the members whose getters throw. */
function copyAttributes<Value>(
  attributes: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  try {
    return { ...attributes };
  } catch {
    const entries = keysOf(attributes).flatMap((key) => {
      try {
        return [[key, attributes[key] as Value] as const]; // its own key
      } catch {
        return [];
      }
    });
    return Object.fromEntries(entries);
  }
}

function keysOf(attributes: object): readonly string[] {
  try {
    return Object.keys(attributes);
  } catch {
    return []; // a proxy whose `ownKeys` throws
  }
}
