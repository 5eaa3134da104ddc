import { Timer } from "../timer.js";
import type { Publisher } from "./publisher.js";
import type { Reader } from "./reader.js";
import { isUnstored, type Tick } from "./replies.js";
import type { WorkerPorts, WorkerState } from "./worker-state.js";

export interface ComparisonHooks {
  /** What this worker has is younger than what is stored: the fleet should poll the origin. */
  wishPoll(): void;
  /** Redis has a configuration again. */
  restored(): void;
  /** Whether changes are pushed at the moment. */
  isSubscribed(): boolean;
}

/** Followers restore only what the leader has not restored by then. */
const MIN_RESTORE_MS = 20;
const MAX_RESTORE_MS = 200;
/** A change that is older, and of which there was no message, counts as missed. */
const MISSED_AFTER_MS = 1_000;

/** Compares what each tick finds with what the clients have, and reads, confirms or restores. */
export class Comparison {
  readonly #ports: WorkerPorts;
  readonly #state: WorkerState;
  readonly #reader: Reader;
  readonly #publisher: Publisher;
  readonly #hooks: ComparisonHooks;
  readonly #restoreTimer: Timer;
  #restoring: Promise<void> | null = null;
  #lastPushed = 0;

  constructor(
    ports: WorkerPorts,
    state: WorkerState,
    writers: { readonly reader: Reader; readonly publisher: Publisher },
    hooks: ComparisonHooks,
  ) {
    this.#ports = ports;
    this.#state = state;
    this.#reader = writers.reader;
    this.#publisher = writers.publisher;
    this.#hooks = hooks;
    this.#restoreTimer = new Timer(ports.clock);
  }

  /**
   * The restore that runs, `null` without one. A poll waits for it: a quick answer would otherwise publish
   * the same content under a new revision.
   */
  get restoring(): Promise<void> | null {
    return this.#restoring;
  }

  /** A message says that there is a configuration of this revision. */
  push(revision: number): void {
    if (!(revision > (this.#state.revision ?? 0))) return;
    this.#lastPushed = revision;
    this.#ports.counters.pushes += 1;
    this.#reader.push();
  }

  /** @param canWrite - scripts work, so that what Redis has lost can be restored. */
  compare(tick: Tick, canWrite: boolean): void {
    const { content, revision: own, unusableRevision } = this.#state;
    const { revision, sha } = tick;
    if (revision === unusableRevision) return;
    if (content === null) {
      if (revision !== 0) this.#reader.read();
    } else if (own === null) {
      if (revision !== 0) this.#compareWithDirect(tick);
    } else if (revision < own) {
      if (canWrite) this.#restoreSoon(tick);
    } else if (revision > own && sha !== content.sha) {
      this.#noteMissedPush(tick);
      this.#reader.read();
    } else {
      // Another leader may have published the same bytes: no compile, no event.
      this.#state.adopt(revision);
      this.#confirm(tick);
    }
  }

  stop(): void {
    this.#restoreTimer.cancel();
  }

  /**
   * The content was fetched directly, or is a copy from a disk. The origin may have gone back to what is
   * stored, so the younger of both counts, by durations.
   */
  #compareWithDirect(tick: Tick): void {
    const { content, role } = this.#state;
    const { revision, sha } = tick;
    if (sha === content?.sha) {
      this.#state.adopt(revision);
      this.#confirm(tick);
    } else if (this.#state.isOlderThan(this.#okAgeMs(tick))) {
      this.#reader.read();
    } else if (isUnstored(tick.outcome)) {
      // The fleet has it, and could not store it: the next poll tries again.
    } else if (role === "leader") {
      this.#hooks.wishPoll();
    } else {
      this.#ports.protocol.hint("r").catch(() => {}); // sent again by the next tick
    }
  }

  /** The age of what is stored, at most. */
  #okAgeMs({ okAgeMs }: Tick): number | null {
    return okAgeMs === null ? null : okAgeMs + this.#state.lastReplyMs;
  }

  #confirm(tick: Tick): void {
    const { content, lastReplyMs } = this.#state;
    const { overdueMs } = tick;
    const ageMs = this.#okAgeMs(tick);
    if (ageMs === null || content === null) return;
    if (!this.#state.noteAge(ageMs, lastReplyMs)) return;
    void this.#ports.subscribers.confirm(content.payloads, { ageMs });
    if (overdueMs !== null) this.#ports.subscribers.scheduled(Math.max(0, -overdueMs));
  }

  #noteMissedPush({ revision, settledAgeMs }: Tick): void {
    const isLate = settledAgeMs !== null && settledAgeMs > MISSED_AFTER_MS;
    if (!isLate || this.#lastPushed >= revision || !this.#hooks.isSubscribed()) return;
    this.#ports.counters.missedPushes += 1;
  }

  /** Redis has lost what this worker has: it comes back with its old revision. */
  #restoreSoon({ isHeld }: Tick): void {
    if (this.#restoring !== null || (this.#restoreTimer.isSet && !isHeld)) return;
    if (isHeld) {
      this.#restore();
      return;
    }
    const spreadMs = this.#ports.random() * (MAX_RESTORE_MS - MIN_RESTORE_MS);
    this.#restoreTimer.set(MIN_RESTORE_MS + spreadMs, () => this.#restore());
  }

  #restore(): void {
    this.#restoreTimer.cancel();
    const { content, lastTick, revision } = this.#state;
    // A later tick may have found it restored by another worker.
    const isLost = revision !== null && lastTick !== null && lastTick.revision < revision;
    if (content === null || !isLost) return;
    this.#restoring = this.#publisher.restore(content, revision).then(() => {
      this.#restoring = null;
      this.#hooks.restored();
    });
  }
}
