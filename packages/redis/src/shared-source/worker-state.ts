import {
  type Clock,
  type ConfigurationOrigin,
  type Diagnostics,
  type Digest,
  type Moment,
  momentAgo,
  msSince,
  type SortitionError,
  type Subscribers,
} from "@sortition/core/internal";
import type { Content } from "../codec/content.js";
import type { RedisError } from "../errors/redis-error.js";
import type { Settings } from "../settings.js";
import type { Counting } from "./counters.js";
import type { Held } from "./held.js";
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
  /** Revision of the content; `null` if the content was fetched directly, or came from a disk. */
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
  #lastTickAt: Moment | null = null;
  /** When the origin confirmed the content; `null`: never. */
  #confirmedAt: Moment | null = null;
  /** By how much later the origin may have confirmed it. */
  #confirmedWithinMs = 0;
  /** When the last good attempt of this process at the origin ended. */
  #attemptedAt: Moment | null = null;
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
    this.#lastTickAt = momentAgo(this.#ports.clock);
  }

  /** How late the fleet's next poll is now, as far as the last tick knew; `null`: unknown. */
  get overdueMs(): number | null {
    const overdueMs = this.#lastTick?.overdueMs ?? null;
    if (overdueMs === null || this.#lastTickAt === null) return null;
    return Math.round(overdueMs + this.#since(this.#lastTickAt));
  }

  /** Time since the last good poll that this worker knows of; `null` without one. */
  get ageMs(): number | null {
    return this.#confirmedAt === null ? null : Math.max(0, this.#since(this.#confirmedAt));
  }

  /** Time since the end of the last good attempt of this process at the origin; `null` without one. */
  get sinceAttemptMs(): number | null {
    return this.#attemptedAt === null ? null : Math.max(0, this.#since(this.#attemptedAt));
  }

  /** An attempt of this process at the origin has succeeded. */
  noteAttempt(): void {
    this.#attemptedAt = momentAgo(this.#ports.clock);
  }

  /** A snapshot for decisions. */
  get held(): Held {
    const { ageMs, content, lastError, lastReplyMs, lastTick, missing, mustRepair } = this;
    const { revision, sinceAttemptMs, unusableRevision } = this;
    return {
      ...{ ageMs, content, lastError, lastReplyMs, lastTick, mustRepair, revision },
      ...{ sinceAttemptMs, unusableRevision, lacksParts: missing.size > 0 },
    };
  }

  /** Hashes of the parts that the clients lack because they are too large to be stored. */
  get missing(): ReadonlyMap<string, string> {
    const { content, omitted } = this;
    if (content === null) return new Map();
    return new Map([...omitted].filter(([name, hash]) => content.hashes.get(name) !== hash));
  }

  /** Another content was swapped in. */
  install(content: Content, revision: number | null, ageMs: number, uncertaintyMs?: number): void {
    this.content = content;
    this.#confirmedAt = null;
    this.adopt(revision);
    this.noteAge(ageMs, uncertaintyMs);
  }

  /** The content has this revision. */
  adopt(revision: number | null): void {
    if (revision !== this.revision) this.storedSha = this.content?.sha ?? null;
    this.revision = revision;
    if (revision !== null) this.noteKnown(revision);
  }

  /** This worker holds the lease of this number. */
  noteLease(n: string): void {
    this.fence = n;
    this.noteKnown(Number(n));
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
    // The clock of Redis may run a little faster or slower than that of this process.
    const toleranceMs = this.#confirmedWithinMs + SAME_MS + ageMs * MAX_DRIFT;
    const former = this.#confirmedAt;
    if (former !== null && ageMs + toleranceMs >= this.#since(former)) return false;
    this.#confirmedAt = momentAgo(this.#ports.clock, ageMs);
    this.#confirmedWithinMs = uncertaintyMs;
    return true;
  }

  /** Also while the monotonic clock stands still, as it does where a process is frozen. */
  #since(moment: Moment): number {
    return msSince(moment, this.#ports.clock);
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
