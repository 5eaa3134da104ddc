import { BoundedQueue } from "../delivery/bounded-queue.js";
import type { EventKind } from "../delivery/logged-event.js";
import type { DropReports } from "./drop-reports.js";
import { type ExposureDropReason, isLoggerFailure } from "./exposure-drop-reason.js";
import { LoggerBook } from "./logger-book.js";
import type { PendingExposure } from "./pending-exposure.js";

/** Name under which exposures are counted while no logger is set. */
export const NO_LOGGER = "none";

/** Maximum number of buffered events of each kind. */
const MAX_BUFFERED = 100;

interface BufferedExposure {
  readonly exposure: PendingExposure;
  readonly sizeBytes: number;
}

/** Keeps the first exposures until a logger is set. */
export class PreLoggerBuffer {
  readonly book: LoggerBook = new LoggerBook();
  readonly #reports: DropReports;
  readonly #counts: Record<EventKind, number> = { assignment: 0, bandit: 0 };
  readonly #queue: BoundedQueue<BufferedExposure>;
  /** Set when an exposure did not fit. From then on, no more events are built. */
  #hasOverflown = false;

  /** @param maxBytes - maximum estimated size of all buffered events. */
  constructor(maxBytes: number, reports: DropReports) {
    this.#reports = reports;
    this.#queue = new BoundedQueue({
      maxItems: 2 * MAX_BUFFERED,
      maxBytes,
      overflow: "drop-newest",
    });
  }

  get length(): number {
    return this.#queue.length;
  }

  isFull(kind: EventKind): boolean {
    return this.#hasOverflown || this.#counts[kind] >= MAX_BUFFERED;
  }

  /** Counts an exposure that was refused because the buffer is full. No event was built for it. */
  turnAway(): void {
    this.book.counts.accepted += 1;
    this.#drop("no-logger");
  }

  /** Buffers an exposure. Returns false if it did not fit and was dropped. */
  add(exposure: PendingExposure): boolean {
    exposure.detach();
    exposure.openTo(1);
    this.book.counts.accepted += 1;
    const { sizeBytes } = exposure;
    const refusal = this.#queue.offer({ exposure, sizeBytes }, () => {});
    if (refusal !== null) {
      this.#hasOverflown ||= refusal === "overflow";
      exposure.settle("dropped");
      this.#drop(refusal);
      return false;
    }
    this.book.buffered += 1;
    this.#counts[exposure.kind] += 1;
    return true;
  }

  /** Removes all exposures, oldest first. The caller then calls `handOver` or `giveUp` for each. */
  leave(): readonly PendingExposure[] {
    const leaving: PendingExposure[] = [];
    for (let item = this.#queue.shift(); item !== undefined; item = this.#queue.shift()) {
      leaving.push(item.exposure);
    }
    this.#counts.assignment = 0;
    this.#counts.bandit = 0;
    this.#hasOverflown = false;
    return leaving;
  }

  /** Counts an exposure that was handed to a logger. */
  handOver(): void {
    this.book.buffered -= 1;
    this.book.counts.delivered += 1;
  }

  /** Counts an exposure that no logger took. */
  giveUp(exposure: PendingExposure, reason: "no-logger" | "closed"): void {
    this.book.buffered -= 1;
    exposure.settle("dropped");
    this.#drop(reason);
  }

  #drop(reason: ExposureDropReason): void {
    this.book.counts.lose(reason, isLoggerFailure(reason));
    this.#reports.note(reason, NO_LOGGER);
  }
}
