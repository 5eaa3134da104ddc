import {
  loadError,
  momentAgo,
  msSince,
  type Payload,
  type PayloadSet,
  SortitionError,
  Timer,
} from "@sortition/core/internal";
import { type Content, contentOf, hashOf } from "../codec/content.js";
import { decodeBytes } from "../codec/stored-bytes.js";
import { RedisError } from "../errors/redis-error.js";
import { redisError } from "../errors/reply-error.js";
import { isOlderThan } from "./held.js";
import { FORMAT } from "./protocol.js";
import type { Stored, StoredPart } from "./replies.js";
import type { WorkerPorts, WorkerState } from "./worker-state.js";

export interface ReaderHooks {
  /** Whether plain reads are needed because scripts are refused. */
  isPlain(): boolean;
  /** A configuration was swapped in. */
  applied(): void;
  read(): void;
  /** This process cannot use the stored configuration. */
  unusable(): void;
}

/** Start of a series of failed reads, by the monotonic clock, and the last error. */
export interface ReadFailure {
  readonly sinceMs: number;
  readonly error: RedisError;
}

/** Above this stored size, the workers of a fleet do not all read at once. */
const JITTER_FROM_BYTES = 65_536;
const JITTER_MS = 100;

/** Reads the stored configuration and passes it to the clients. Runs one read at a time. */
export class Reader {
  readonly #ports: WorkerPorts;
  readonly #state: WorkerState;
  readonly #hooks: ReaderHooks;
  #reading: Promise<void> | null = null;
  #isWantedAgain = false;
  #failure: ReadFailure | null = null;
  readonly #timer: Timer;
  /** Stored size in bytes of each part that was read. */
  #storedSizes = new Map<string, number>();

  constructor(ports: WorkerPorts, state: WorkerState, hooks: ReaderHooks) {
    this.#ports = ports;
    this.#state = state;
    this.#hooks = hooks;
    this.#timer = new Timer(ports.clock);
  }

  /** Clears the failure. Called when there is nothing to read, because that time must not count as a Redis outage. */
  forgetFailure(): void {
    this.#failure = null;
  }

  /** Resolves when no read is running. */
  get idle(): Promise<void> {
    return this.#reading ?? Promise.resolve();
  }

  /** `null` if the last read did not fail. */
  get failure(): ReadFailure | null {
    return this.#failure;
  }

  /** Called when a message announces a new configuration. Reads it, after a jitter if it is large. */
  push(): void {
    const { random, settings } = this.#ports;
    const jitterMs =
      settings.applyJitterMs ?? (this.#storedBytes > JITTER_FROM_BYTES ? JITTER_MS : 0);
    if (jitterMs === 0) {
      this.#readNew();
      return;
    }
    this.#timer.set(random() * jitterMs, () => this.#readNew());
  }

  /** Reads now, unless a read is already running. */
  read(): void {
    this.#timer.cancel();
    if (this.#state.isStopped || this.#reading !== null) return;
    this.#reading = this.#read().finally(() => {
      this.#reading = null;
      const isWanted = this.#isWantedAgain;
      this.#isWantedAgain = false;
      if (isWanted) this.read();
    });
  }

  /** Reads now, or again after a running read, which may have started too early. */
  #readNew(): void {
    if (this.#reading === null) this.read();
    else this.#isWantedAgain = true;
  }

  /** Reads and verifies all parts. Returns whether they are intact, or `null` if that is unknown. */
  async verify(): Promise<boolean | null> {
    try {
      const stored = await this.#ports.protocol.read(new Map(), this.#hooks.isPlain());
      if (stored === null) return null;
      await this.#payloadsOf(stored, null);
      return true;
    } catch (cause) {
      return isUnusable(cause) ? false : null;
    }
  }

  stop(): void {
    this.#timer.cancel();
  }

  async #read(): Promise<void> {
    const { clock, counters, digest, protocol, settings } = this.#ports;
    const state = this.#state;
    const held = state.content;
    counters.reads += 1;
    let stored: Stored | null = null;
    const askedAt = momentAgo(clock);
    const sinceAskedMs = (): number => msSince(askedAt, clock);
    try {
      stored = await protocol.read(held?.hashes ?? new Map(), this.#hooks.isPlain());
      const replyMs = sinceAskedMs();
      this.#failure = null;
      this.#hooks.read();
      if (stored === null || !this.#isWanted(stored, replyMs)) return;
      // If the age is unknown, assume one poll interval.
      const okAgeMs = stored.okAgeMs ?? settings.pollIntervalMs;
      const payloads = await this.#payloadsOf(stored, held);
      const content = await contentOf(payloads, digest);
      await this.#swap(stored, content, { okAgeMs, replyMs, sinceAskedMs });
    } catch (cause) {
      if (!state.isStopped) this.#fail(cause, stored);
    }
  }

  /**
   * Whether the stored configuration should replace the clients' content. Directly fetched content has no revision, so
   * the ages are compared. Both are durations.
   */
  #isWanted({ okAgeMs, revision, scope, sha }: Stored, sinceAskedMs: number): boolean {
    const { content, isStopped, revision: own, unusableRevision } = this.#state;
    if (isStopped || scope !== this.#ports.origin.scope || revision === unusableRevision)
      return false;
    if (content === null) return true;
    if (own !== null) return revision > own;
    if (sha === content.sha) return true;
    return isOlderThan(this.#state, okAgeMs === null ? null : okAgeMs + sinceAskedMs);
  }

  async #swap(
    stored: Stored,
    content: Content,
    { okAgeMs, replyMs, sinceAskedMs }: ReadTimes,
  ): Promise<void> {
    const { subscribers, counters, diagnostics } = this.#ports;
    const state = this.#state;
    const prepared = await subscribers.prepare(content.payloads);
    if (prepared.outcome === "rejected") {
      counters.rejected += 1;
      state.unusableRevision = stored.revision;
      this.#reportRejected(prepared.error, stored.revision);
      this.#hooks.unusable();
      return;
    }
    // This worker may have published or restored during the compile.
    const sinceMs = sinceAskedMs();
    if (!this.#isWanted(stored, sinceMs)) return;
    const ageMs = okAgeMs + sinceMs;
    state.install(content, stored.revision, ageMs, replyMs);
    state.storedSha = stored.sha;
    state.contentFence = stored.fence;
    state.omitted = stored.omitted;
    state.unusableRevision = null;
    state.mustRepair = false;
    prepared.apply({ ageMs });
    diagnostics.info("configuration applied", { revision: stored.revision, ageMs });
    this.#hooks.applied();
  }

  /**
   * Returns the stored parts, using this worker's own bytes for unchanged parts and its own copies of omitted parts.
   *
   * @throws RedisError if a part is damaged.
   */
  async #payloadsOf({ format, omitted, parts }: Stored, held: Content | null): Promise<PayloadSet> {
    if (format !== FORMAT) {
      throw new RedisError("SORTITION_REDIS_FORMAT_UNSUPPORTED", "the stored format is unknown");
    }
    const payloads: Payload[] = [];
    if (parts.length === 0 && omitted.size === 0) throw corrupt();
    for (const part of parts) payloads.push(await this.#payloadOf(part, held));
    for (const name of omitted.keys()) {
      const own = held?.payloads.find((payload) => payload.part === name);
      if (own !== undefined) payloads.push(own);
    }
    return payloads;
  }

  async #payloadOf(stored: StoredPart, held: Content | null): Promise<Payload> {
    const { digest, settings } = this.#ports;
    const { bytes: storedBytes, encoding, etag, fetchedAtMs, hash, name: part, sizeBytes } = stored;
    const mark = stored.hasStream ? { hasStream: true } : {};
    const own = held?.payloads.find((payload) => payload.part === part);
    if (own !== undefined && held?.hashes.get(part) === hash) {
      return own.etag === etag ? own : { ...own, etag, fetchedAtMs, ...mark };
    }
    if (storedBytes === null || encoding === null) throw corrupt();
    this.#storedSizes.set(part, storedBytes.length);
    const bytes = await decodeBytes(encoding, storedBytes, settings.maxPayloadBytes, sizeBytes);
    if (bytes === null || (await hashOf(bytes, digest)) !== hash) throw corrupt();
    return { part, bytes, etag, fetchedAtMs, from: "redis", ...mark };
  }

  get #storedBytes(): number {
    let size = 0;
    for (const { bytes, part } of this.#state.content?.payloads ?? []) {
      size += this.#storedSizes.get(part) ?? bytes.length;
    }
    return size;
  }

  #reportRejected(cause: SortitionError, revision: number | null): void {
    const code = "SORTITION_REDIS_PAYLOAD_REJECTED";
    const { message: reason } = cause;
    this.#state.noteError(new RedisError(code, "the stored payload cannot be used", { cause }));
    this.#ports.diagnostics.warn("stored payload rejected", { code, reason, revision });
  }

  #fail(cause: unknown, stored: Stored | null): void {
    const { counters, diagnostics, protocol } = this.#ports;
    const state = this.#state;
    if (!isUnusable(cause) || stored === null) {
      // The caller's digest may throw, too. The next tick tries again.
      if (!SortitionError.is(cause)) {
        this.#reportRejected(loadError(cause), stored?.revision ?? null);
        return;
      }
      const error = redisError(cause);
      const sinceMs = this.#failure?.sinceMs ?? this.#ports.clock.monotonicMs();
      this.#failure = { sinceMs, error };
      state.noteRedisError(error);
      return;
    }
    const { code } = cause;
    counters.corrupt += 1;
    state.unusableRevision = stored.revision;
    state.noteRedisError(cause);
    if (code === "SORTITION_REDIS_PAYLOAD_CORRUPT") {
      // If this worker leads now or next, its poll repairs the store. Other leaders receive the report.
      state.mustRepair = true;
      diagnostics.error("stored payload corrupt", { code, revision: stored.revision });
      protocol.reportDamage(stored.revision).catch(() => {}); // the next read detects it again
    } else {
      diagnostics.warn("stored format unsupported", { code, revision: stored.revision });
    }
    this.#hooks.unusable();
  }
}

/** Timing of a read. */
interface ReadTimes {
  /** Age of the configuration when Redis responded. */
  readonly okAgeMs: number;
  /** How long the response took. */
  readonly replyMs: number;
  sinceAskedMs(): number;
}

function corrupt(): RedisError {
  return new RedisError("SORTITION_REDIS_PAYLOAD_CORRUPT", "a stored part is damaged");
}

function isUnusable(cause: unknown): cause is RedisError {
  return (
    cause instanceof RedisError &&
    (cause.code === "SORTITION_REDIS_PAYLOAD_CORRUPT" ||
      cause.code === "SORTITION_REDIS_FORMAT_UNSUPPORTED")
  );
}
