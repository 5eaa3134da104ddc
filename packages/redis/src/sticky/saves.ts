import { Timer } from "@sortition/core/internal";
import { isReply } from "../errors/reply-error.js";
import type { FleetServices } from "../fleet-services.js";
import saveText from "../lua/sticky-save.lua";
import { createScript, type Script } from "../scripts/script.js";
import { documentKey, type StickySubject, type StoredAssignments } from "./document.js";
import type { DocumentCache } from "./document-cache.js";
import type { StickyBucketSettings } from "./options.js";

const SAVE: Script = createScript(saveText);
/** Maximum number of scripts in flight. */
const CONCURRENCY = 50;
const RETRY_MS = 1_000;

/** How an assignment is saved: always (`s`), or only if the subject has none (`n`). */
type Mode = "s" | "n";

interface Change {
  readonly mode: Mode;
  readonly variation: string;
  /** Whether it was sent, so that Redis may have it even if the reply is lost. */
  isSent: boolean;
}

interface Pending {
  readonly subject: StickySubject;
  readonly redisKey: string;
  readonly changes: Map<string, Change>;
}

export interface SavesParts {
  readonly services: FleetServices;
  readonly settings: StickyBucketSettings;
  readonly cache: DocumentCache;
  keyOf(documentKey: string): string;
  /** Called after each command with its error, or `null` after success. */
  note(error: unknown): void;
}

/**
 * New assignments on their way to Redis. The assignments of one subject are saved together after a
 * short delay. Only changed assignments are saved, so that processes that save other assignments of
 * the same subject lose none.
 */
export class Saves {
  readonly #parts: SavesParts;
  readonly #pending = new Map<string, Pending>();
  /** Assignments that Redis has not acknowledged yet. */
  readonly #sent = new Set<Pending>();
  #hasEnded = false;
  readonly #timer: Timer;
  #round: Promise<void> | undefined;
  readonly #waiters: (() => void)[] = [];

  constructor(parts: SavesParts) {
    this.#parts = parts;
    this.#timer = new Timer(parts.services.clock);
  }

  /** Resolves when Redis has the assignments, or could not accept them yet. */
  save(subject: StickySubject, assignments: Readonly<Record<string, string>>): Promise<void> {
    const key = documentKey(subject);
    const known = this.#parts.cache.get(key);
    const changes = Object.entries(assignments).filter(
      ([name, variation]) => known?.stored.get(name) !== variation,
    );
    if (changes.length === 0) return Promise.resolve();
    const pending = this.#pendingOf(key, subject);
    if (pending === null) return Promise.resolve();
    // If the load of a subject failed, Redis may have assignments that must not be overwritten.
    const mode = known?.isCurrent === true ? "s" : "n";
    for (const [name, variation] of changes)
      pending.changes.set(name, { mode, variation, isSent: false });
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
      this.#schedule(this.#parts.settings.flushMs);
    });
  }

  /** Assignments of a subject that have not been saved yet. */
  pendingOf(key: string): StoredAssignments {
    const changes = this.#pending.get(key)?.changes ?? [];
    return new Map([...changes].map(([name, { variation }]) => [name, variation]));
  }

  /** Tries to save everything once. Returns whether nothing is left. */
  async flush(): Promise<boolean> {
    await this.#round;
    await this.#run();
    return this.#pending.size === 0;
  }

  /**
   * Drops everything that is not saved, and returns the number of assignments. `unconfirmed`: Redis may have them, because
   * the reply to a save was lost.
   */
  end(): Readonly<Record<"closed" | "unconfirmed", number>> {
    this.#timer.cancel();
    this.#hasEnded = true;
    const left = [...this.#pending.values(), ...this.#sent];
    const changes = left.flatMap((it) => [...it.changes.values()]);
    const unconfirmed = changes.filter(({ isSent }) => isSent).length;
    this.#pending.clear();
    for (const resolve of this.#waiters.splice(0)) resolve();
    return { closed: changes.length - unconfirmed, unconfirmed };
  }

  #pendingOf(key: string, subject: StickySubject): Pending | null {
    const waiting = this.#pending.get(key);
    if (waiting !== undefined) return waiting;
    const { services, settings, keyOf } = this.#parts;
    if (this.#pending.size >= settings.maxPending) {
      services.diagnostics.warn("sticky assignments dropped", {
        part: "sticky",
        reason: "overflow",
      });
      return null;
    }
    const pending = { subject, redisKey: keyOf(key), changes: new Map() };
    this.#pending.set(key, pending);
    return pending;
  }

  #schedule(delayMs: number): void {
    if (this.#hasEnded || this.#timer.isSet || this.#round !== undefined) return;
    this.#timer.set(delayMs, () => void this.#run());
  }

  #run(): Promise<void> {
    this.#timer.cancel();
    this.#round ??= this.#runOnce();
    return this.#round;
  }

  async #runOnce(): Promise<void> {
    const waiting = this.#waiters.length;
    const isSaved = await this.#saveAll();
    this.#round = undefined;
    const isLeft = this.#pending.size > 0;
    // If nothing is left, this round has also saved the assignments that joined it.
    for (const resolve of this.#waiters.splice(0, isLeft ? waiting : Number.POSITIVE_INFINITY))
      resolve();
    if (isLeft) this.#schedule(isSaved ? this.#parts.settings.flushMs : RETRY_MS);
  }

  /** Returns whether Redis accepted everything. */
  async #saveAll(): Promise<boolean> {
    const all = [...this.#pending];
    for (let i = 0; i < all.length; i += CONCURRENCY) {
      const outcomes = await Promise.all(
        all.slice(i, i + CONCURRENCY).map(([key, pending]) => this.#save(key, pending)),
      );
      // The remaining saves would fail too.
      if (outcomes.includes(false)) return false;
    }
    return true;
  }

  async #save(key: string, pending: Pending): Promise<boolean> {
    const { services, settings, cache, note } = this.#parts;
    // Later changes become a new entry.
    this.#pending.delete(key);
    this.#sent.add(pending);
    const changes = [...pending.changes];
    const args = changes.flatMap(([name, { mode, variation }]) => [mode, name, variation]);
    try {
      await services.link.settled();
      if (services.link.isReady) for (const [, change] of changes) change.isSent = true;
      const reply = await services.link.run(SAVE, [pending.redisKey], [settings.ttlMs, ...args]);
      // If the whole document is not cached, do not cache a part of it: it may contain other assignments.
      const known = cache.get(key);
      if (known !== undefined) {
        const stored = new Map(known.stored);
        changes.forEach(([name], i) => {
          stored.set(name, String((reply as readonly unknown[])[i]));
        });
        cache.set(key, { ...known, stored });
      }
      note(null);
      return true;
    } catch (error) {
      note(error);
      if (isReply(error)) for (const [, change] of changes) change.isSent = false;
      this.#putBack(key, pending);
      return false;
    } finally {
      this.#sent.delete(pending);
    }
  }

  /** Newer changes of the same assignments take precedence. */
  #putBack(key: string, pending: Pending): void {
    const newer = this.#pending.get(key);
    for (const [name, change] of newer?.changes ?? []) pending.changes.set(name, change);
    this.#pending.set(key, pending);
  }
}
