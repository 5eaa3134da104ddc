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

/** Current role of a worker. */
export type Role = "starting" | "follower" | "leader" | "direct" | "stopped";

/** Last error, for the status. */
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

/** State shared by the activities of a worker. All methods are synchronous, so the state is always consistent. */
export class WorkerState {
  role: Role = "starting";
  /** What the clients have. */
  content: Content | null = null;
  /** Revision of the content. `null` if it was fetched directly or loaded from disk. */
  revision: number | null = null;
  /** Fence of the leader that published the content. */
  contentFence = "0";
  /**
   * Hash of the stored configuration of this revision. It differs from the content's hash if this worker
   * lacks a part that is too large to be stored.
   */
  storedSha: string | null = null;
  /** Number of this worker's last lease. `0`: it has not led. */
  fence = "0";
  /** Hashes of the configuration's parts that are too large to be stored. */
  omitted: ReadonlyMap<string, string> = new Map();
  /** The highest revision or lease number that this worker has had. */
  known = 0;
  /** Time from the last request until its reply was read. Ages in the reply may be too low by as much. */
  lastReplyMs = 0;
  /** A stored revision that is unusable. */
  unusableRevision: number | null = null;
  /** The namespace belongs to another origin, so nothing is written. */
  hasConflict = false;
  /** Whether the next settle replaces all stored parts. */
  mustRepair = false;
  lastError: LastError | null = null;
  redisError: RedisError | null = null;
  isStopped = false;
  #lastTick: Tick | null = null;
  #lastTickAt: Moment | null = null;
  /** When the origin confirmed the content. `null`: never. */
  #confirmedAt: Moment | null = null;
  /** How much later than that the origin may have confirmed it. */
  #confirmedWithinMs = 0;
  /** When this process's last successful attempt at the origin ended. */
  #attemptedAt: Moment | null = null;
  readonly #ports: Pick<WorkerPorts, "clock" | "counters">;

  constructor(ports: Pick<WorkerPorts, "clock" | "counters">) {
    this.#ports = ports;
  }

  get lastTick(): Tick | null {
    return this.#lastTick;
  }

  /** Notes the reply to a tick. */
  noteTick(tick: Tick): void {
    this.#lastTick = tick;
    this.#lastTickAt = momentAgo(this.#ports.clock);
  }

  /** How overdue the fleet's next poll is now, according to the last tick. `null`: unknown. */
  get overdueMs(): number | null {
    const overdueMs = this.#lastTick?.overdueMs ?? null;
    if (overdueMs === null || this.#lastTickAt === null) return null;
    return Math.round(overdueMs + this.#since(this.#lastTickAt));
  }

  /** Time since the last successful poll that this worker knows about. `null`: none. */
  get ageMs(): number | null {
    return this.#confirmedAt === null ? null : Math.max(0, this.#since(this.#confirmedAt));
  }

  /** Time since the end of this process's last successful attempt at the origin. `null`: none. */
  get sinceAttemptMs(): number | null {
    return this.#attemptedAt === null ? null : Math.max(0, this.#since(this.#attemptedAt));
  }

  /** Notes a successful attempt of this process at the origin. */
  noteAttempt(): void {
    this.#attemptedAt = momentAgo(this.#ports.clock);
  }

  /** Snapshot for decisions. */
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

  /** Notes that other content was swapped in. */
  install(content: Content, revision: number | null, ageMs: number, uncertaintyMs?: number): void {
    this.content = content;
    this.#confirmedAt = null;
    this.adopt(revision);
    this.noteAge(ageMs, uncertaintyMs);
  }

  /** Sets the revision of the content. */
  adopt(revision: number | null): void {
    if (revision !== this.revision) this.storedSha = this.content?.sha ?? null;
    this.revision = revision;
    if (revision !== null) this.noteKnown(revision);
  }

  /** Notes that this worker holds the lease with this number. */
  noteLease(n: string): void {
    this.fence = n;
    this.noteKnown(Number(n));
  }

  noteKnown(n: number): void {
    if (n > this.known) this.known = n;
  }

  /**
   * Notes a confirmation. Returns whether it is more recent than the previous ones.
   *
   * @param ageMs - maximum age, measured from when the age was requested.
   * @param uncertaintyMs - time since that request, so that the same confirmation does not seem more recent
   *   after a quicker reply.
   */
  noteAge(ageMs: number, uncertaintyMs = 0): boolean {
    // The clock of Redis may run slightly faster or slower than this process's clock.
    const toleranceMs = this.#confirmedWithinMs + SAME_MS + ageMs * MAX_DRIFT;
    const former = this.#confirmedAt;
    if (former !== null && ageMs + toleranceMs >= this.#since(former)) return false;
    this.#confirmedAt = momentAgo(this.#ports.clock, ageMs);
    this.#confirmedWithinMs = uncertaintyMs;
    return true;
  }

  /** Includes time in which the monotonic clock stood still because the process was frozen. */
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

/** Allows for rounding, and for work between a reply and its use. */
const SAME_MS = 10;
const MAX_DRIFT = 0.001;
