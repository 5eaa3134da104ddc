import { type Clock, Timer } from "@sortition/core/internal";
import type { StreamEvent, StreamLink } from "@sortition/node/internal";
import { applyEvent } from "./read-event.js";
import { VersionedStore } from "./versioned-store.js";

/** Minimum time between two revisions of the payload. Changes in between are joined. */
const JOIN_MS = 50;

/** Stands for the changes that were joined. */
const JOINED: StreamEvent = { type: "joined", data: "", lastEventId: "" };

/**
 * The content of one connection. Decides when it is passed on: the first change after a pause at once, and further ones
 * at most every 50 ms.
 */
export class JoinedChanges {
  readonly store: VersionedStore = new VersionedStore();
  readonly #clock: Clock;
  readonly #link: Pick<StreamLink, "event">;
  #isComplete = false;
  #lastAtMs = Number.NEGATIVE_INFINITY;
  readonly #timer: Timer;

  constructor(clock: Clock, link: Pick<StreamLink, "event">) {
    this.#clock = clock;
    this.#link = link;
    this.#timer = new Timer(clock);
  }

  /**
   * Applies an event. Returns whether the content is to be passed on now.
   *
   * @throws an error if the event is malformed.
   */
  take(event: StreamEvent): boolean {
    if (event !== JOINED) {
      const effect = applyEvent(event, this.store);
      if (effect === "replaced") this.#isComplete = true;
      else if (effect === "nothing" || !this.#isComplete || !this.#isDue()) return false;
    }
    this.close();
    this.#lastAtMs = this.#clock.monotonicMs();
    return true;
  }

  /** Ignores changes until everything is received again. */
  interrupt(): void {
    this.#isComplete = false;
    this.close();
  }

  /** Cancels the pending revision. */
  close(): void {
    this.#timer.cancel();
  }

  /** Whether the last revision is old enough. If not, another one follows in time. */
  #isDue(): boolean {
    const waitMs = this.#lastAtMs + JOIN_MS - this.#clock.monotonicMs();
    if (waitMs <= 0) return true;
    if (!this.#timer.isSet) this.#timer.set(waitMs, () => this.#link.event(JOINED));
    return false;
  }
}
