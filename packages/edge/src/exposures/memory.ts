import {
  type CheckedDeduplication,
  type Clock,
  type DeduplicationPolicy,
  type DeduplicationStore,
  Deduplicator,
  type EventKind,
} from "@sortition/core/internal";
import type { EdgeExposure } from "./send.js";

type Identity = Parameters<DeduplicationStore["reserve"]>;

/** Stores of a client's option `deduplication`. */
type Stores = Readonly<Record<"assignments" | "bandits", DeduplicationStore | false>>;

/**
 * What the isolate remembers of exposures. A client confirms an exposure as soon as its logger has it; here it stays
 * reserved until it is known whether it was delivered.
 */
export class Memory {
  /** The stores for the isolate's client. */
  readonly stores: Stores;
  readonly #inner: Readonly<Record<EventKind, DeduplicationStore | null>>;
  /** Exposures under way, by their ids. */
  readonly #reserved: Readonly<Record<EventKind, Map<string, Identity>>> = {
    assignment: new Map(),
    bandit: new Map(),
  };

  constructor({ assignments, bandits }: CheckedDeduplication, clock: Clock) {
    const innerOf = (
      option: DeduplicationPolicy | DeduplicationStore | null,
    ): DeduplicationStore | null =>
      option === null || "has" in option ? option : new Deduplicator(option, clock);
    this.#inner = { assignment: innerOf(assignments), bandit: innerOf(bandits) };
    this.stores = { assignments: this.#storeOf("assignment"), bandits: this.#storeOf("bandit") };
  }

  /** Notes what became of an exposure; of one that was lost the next evaluation logs another. */
  settle({ event, kind }: EdgeExposure, isDelivered: boolean): void {
    const identity = this.#reserved[kind].get(event.messageId);
    if (identity === undefined) return;
    this.#reserved[kind].delete(event.messageId);
    this.#inner[kind]?.[isDelivered ? "confirm" : "release"](...identity);
  }

  #storeOf(kind: EventKind): DeduplicationStore | false {
    const inner = this.#inner[kind];
    const reserved = this.#reserved[kind];
    if (inner === null) return false;
    return {
      has: (...exposure) => inner.has(...exposure),
      reserve(...identity) {
        inner.reserve(...identity);
        reserved.set(identity[4], identity);
      },
      confirm: () => {},
      release(...identity) {
        reserved.delete(identity[4]);
        inner.release(...identity);
      },
    };
  }
}
