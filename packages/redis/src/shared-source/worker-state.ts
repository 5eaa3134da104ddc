import type {
  Clock,
  ConfigurationOrigin,
  Diagnostics,
  Digest,
  SortitionError,
  Subscribers,
} from "@sortition/core/kit";
import type { Content } from "../codec/content.js";
import type { RedisError } from "../errors/redis-error.js";
import type { Settings } from "../options/settings.js";
import type { Counting } from "./counters.js";
import type { Protocol } from "./protocol.js";
import type { Tick } from "./replies.js";

/** What a worker is at the moment. */
export type Role = "starting" | "follower" | "leader" | "direct" | "stopped";

/** The last error, for the status. */
export interface LastError {
  readonly code: SortitionError["code"];
  readonly message: string;
  /** Wall clock, epoch ms. */
  readonly atMs: number;
}

/** Dependencies that the activities of a worker share. */
export interface WorkerPorts {
  readonly settings: Settings;
  readonly origin: ConfigurationOrigin;
  readonly protocol: Protocol;
  readonly subscribers: Subscribers;
  readonly counters: Counting;
  readonly clock: Clock;
  readonly random: () => number;
  readonly digest: Digest;
  readonly diagnostics: Diagnostics;
}

/** Facts that the activities of a worker share. Each method is synchronous: a fact is never half written. */
export class WorkerState {
  role: Role = "starting";
  /** What the clients have. */
  content: Content | null = null;
  /** Revision of the content; `null` for what was fetched directly, or came from a disk. */
  revision: number | null = null;
  /** Fence of the leader that published the content. */
  contentFence = "0";
  /**
   * Hash of the stored configuration of this revision. It differs from that of the content if this worker
   * lacks a part that is too large to be stored.
   */
  storedSha: string | null = null;
  /** Number of the last lease of this worker; `0`: it has not led. */
  fence = "0";
  /** Hashes of parts of the stored configuration that are too large to be stored. */
  omitted: ReadonlyMap<string, string> = new Map();
  /** The greatest revision and number of a lease that this worker has had. */
  known = 0;
  /** Time from the last request until its reply was read: the ages in it may be older by as much. */
  lastReplyMs = 0;
  /** A stored revision that cannot be used. */
  unusableRevision: number | null = null;
  /** The namespace belongs to another origin: nothing is written there. */
  hasConflict = false;
  /** The next settle replaces all stored parts. */
  mustRepair = false;
  lastError: LastError | null = null;
  redisError: RedisError | null = null;
  isStopped = false;
  #lastTick: Tick | null = null;
  #lastTickAtMs = 0;
  /** When the origin confirmed the content, by this process's monotonic clock; `null`: never. */
  #confirmedAtMs: number | null = null;
  /** By how much later the origin may have confirmed it. */
  #confirmedWithinMs = 0;
  /** When the last good attempt of this process at the origin ended, by the same clock. */
  #attemptedAtMs: number | null = null;
  readonly #ports: WorkerPorts;

  constructor(ports: WorkerPorts) {
    this.#ports = ports;
  }

  get lastTick(): Tick | null {
    return this.#lastTick;
  }

  /** Redis has answered a tick. */
  noteTick(tick: Tick): void {
    this.#lastTick = tick;
    this.#lastTickAtMs = this.#ports.clock.monotonicMs();
  }

  /** How late the fleet's next poll is now, as far as the last tick knew; `null`: unknown. */
  get overdueMs(): number | null {
    const overdueMs = this.#lastTick?.overdueMs ?? null;
    if (overdueMs === null) return null;
    return Math.round(overdueMs + this.#ports.clock.monotonicMs() - this.#lastTickAtMs);
  }

  /** Time since the last good poll that is known; `null`: none is known. */
  get ageMs(): number | null {
    if (this.#confirmedAtMs === null) return null;
    return Math.max(0, this.#ports.clock.monotonicMs() - this.#confirmedAtMs);
  }

  /** Time since the end of the last good attempt of this process at the origin; `null`: there was none. */
  get sinceAttemptMs(): number | null {
    if (this.#attemptedAtMs === null) return null;
    return Math.max(0, this.#ports.clock.monotonicMs() - this.#attemptedAtMs);
  }

  /** An attempt of this process at the origin has succeeded. */
  noteAttempt(): void {
    this.#attemptedAtMs = this.#ports.clock.monotonicMs();
  }

  /**
   * Whether a stored configuration is newer than what was fetched directly. Attempts that overlap prove
   * nothing: the one that began later may have been answered earlier. So the stored one must have begun
   * after the own one had ended.
   *
   * @param storedAgeMs - time since the beginning of the attempt that brought what is stored.
   */
  isOlderThan(storedAgeMs: number | null): boolean {
    const { ageMs, sinceAttemptMs } = this;
    if (ageMs === null || sinceAttemptMs === null) return true; // a copy from a disk
    return storedAgeMs !== null && storedAgeMs < sinceAttemptMs;
  }

  /** Another content was swapped in. */
  install(content: Content, revision: number | null, ageMs: number, uncertaintyMs?: number): void {
    this.content = content;
    this.#confirmedAtMs = null;
    this.adopt(revision);
    this.noteAge(ageMs, uncertaintyMs);
  }

  /** The content has this revision. */
  adopt(revision: number | null): void {
    if (revision !== this.revision) this.storedSha = this.content?.sha ?? null;
    this.revision = revision;
    if (revision !== null) this.noteKnown(revision);
  }

  noteKnown(n: number): void {
    if (n > this.known) this.known = n;
  }

  /**
   * Notes a confirmation; returns whether it is younger than those before.
   *
   * @param ageMs - at most: counted from the moment when the age was asked for.
   * @param uncertaintyMs - how long ago that was: the same confirmation must not seem a younger one after a
   *   quicker reply.
   */
  noteAge(ageMs: number, uncertaintyMs = 0): boolean {
    const atMs = this.#ports.clock.monotonicMs() - ageMs;
    // The clock of Redis may run a little faster or slower than that of this process.
    const toleranceMs = this.#confirmedWithinMs + SAME_MS + ageMs * MAX_DRIFT;
    if (this.#confirmedAtMs !== null && atMs - toleranceMs <= this.#confirmedAtMs) return false;
    this.#confirmedAtMs = atMs;
    this.#confirmedWithinMs = uncertaintyMs;
    return true;
  }

  noteError({ code, message }: SortitionError): void {
    this.lastError = { code, message, atMs: this.#ports.clock.now() };
  }

  noteRedisError(error: RedisError): void {
    const { redisErrors } = this.#ports.counters;
    redisErrors[error.code] = (redisErrors[error.code] ?? 0) + 1;
    this.redisError = error;
    this.noteError(error);
  }
}

/** Rounding, and work between a reply and its use. */
const SAME_MS = 10;
const MAX_DRIFT = 0.001;
