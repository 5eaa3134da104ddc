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

/** Stores for the client's `deduplication` option. */
type Stores = Readonly<Record<"assignments" | "bandits", DeduplicationStore | false>>;

/**
 * The isolate's memory of exposures. A client confirms an exposure when its logger has taken it. Here it stays reserved
 * until the outcome of its delivery is known.
 */
export class Memory {
  /** The stores for the isolate's client. */
  readonly stores: Stores;
  readonly #inner: Readonly<Record<EventKind, DeduplicationStore | null>>;
  /** Exposures under way, by ID. */
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

  /** Notes the outcome of an exposure. If it was lost, the next evaluation logs it again. */
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
