import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import {
  type AbortSignalLike,
  ClosedError,
  type RefreshOutcome,
  type SourceContext,
  type SourceSink,
} from "@sortition/core/source";
import { contentOf } from "../codec/content.js";
import { RedisError } from "../errors/redis-error.js";
import { delayMs } from "./delays.js";
import { DirectMode, type DirectReason } from "./direct-mode.js";
import { Heartbeat } from "./heartbeat.js";
import { failureOf } from "./outcomes.js";
import { Poller } from "./poller.js";
import { type Tick, WANT, type Want } from "./protocol.js";
import { Publisher } from "./publisher.js";
import { Reader } from "./reader.js";
import { type WorkerPorts, WorkerState } from "./worker-state.js";

/** A poll that was asked for may follow another one after this time. */
const MIN_POLL_GAP_MS = 1_000;
/** Others restore only if the leader does not. */
const MIN_RESTORE_MS = 20;
const MAX_RESTORE_MS = 200;
/** After a lease was given back, the others look within this time. */
const RELEASED_MS = 50;
/** A change that is older, and of which there was no message, counts as missed. */
const MISSED_AFTER_MS = 1_000;
/** Pause between two looks of a refresh for its answer. */
const ANSWER_MS = 25;
const MAX_END_MS = 400;

/** A new token of a process: its name for operators, and 128 random bits. */
export function createToken(): string {
  const worker = `${hostname()}-${process.pid}-${randomBytes(3).toString("hex")}`;
  return `${worker}.${randomBytes(16).toString("hex")}`;
}

/**
 * One worker of a fleet, from its first client to the end of the last one. Three activities, none of which
 * waits for another: the heartbeat, the reader and the poller.
 *
 * @see docs/spec/redis.md
 */
export class Worker {
  readonly state: WorkerState;
  readonly #ports: WorkerPorts;
  readonly #heartbeat: Heartbeat;
  readonly #reader: Reader;
  readonly #poller: Poller;
  readonly #direct: DirectMode;
  readonly #publisher: Publisher;
  readonly #startedAtMs: number;
  #isPlain = false;
  /** Since when Redis has not been usable. */
  #unusableSinceMs: number | null = null;
  #ineligibleUntilMs = 0;
  #isPollWished = false;
  #verifiedAtMs = Number.NEGATIVE_INFINITY;
  #isVerifying = false;
  #hasConflict = false;
  #leaderlessSinceMs: number | null = null;
  #isNoLeaderReported = false;
  #reportedFailure = "";
  #lastPushed = 0;
  #isSubscribed: () => boolean = () => false;
  #cancelTimers = new Map<"restore" | "wish" | "omitted", () => void>();

  constructor(ports: WorkerPorts) {
    const { clock } = ports;
    this.#ports = ports;
    this.state = new WorkerState(ports);
    this.#startedAtMs = clock.monotonicMs();
    this.#publisher = new Publisher(ports, this.state);
    this.#poller = new Poller(ports, this.state, {
      ended: (isDue) => this.#afterPoll(isDue),
      giveUp: () => void this.#giveUp(),
    });
    this.#direct = new DirectMode(ports, this.state, this.#poller);
    this.#reader = new Reader(ports, this.state, {
      isPlain: () => this.#isPlain,
      applied: () => this.#afterApply(),
      unusable: () => this.#heartbeat.within(0),
    });
    this.#heartbeat = new Heartbeat(ports, this.state, {
      want: () => this.#want(),
      isEligible: () => this.#isEligible,
      ticked: (tick, isPlain) => this.#ticked(tick, isPlain),
      failed: (error) => this.#failed(error),
      delayMs: () => this.#delayMs(),
    });
  }

  /** Why it polls by itself; `null`: it does not. */
  get directReason(): DirectReason | null {
    return this.#direct.reason;
  }

  /** Whether Redis has answered the last time. */
  get isUsable(): boolean {
    return this.#unusableSinceMs === null;
  }

  /** Starts with what a client has from a disk, if anything. */
  async start(isSubscribed: () => boolean): Promise<void> {
    this.#isSubscribed = isSubscribed;
    const { audience, digest } = this.#ports;
    const { current } = audience;
    this.#unusableSinceMs = this.#startedAtMs;
    if (current !== null) {
      // Unconfirmed: an age is told by Redis alone.
      this.state.content = await contentOf(current, digest);
    }
    if (!this.state.isStopped) void this.#heartbeat.beat();
  }

  /** A client joins. It gets what the others have. */
  add(sink: SourceSink, context: SourceContext): () => boolean {
    const remove = this.#ports.audience.add(sink, context);
    const { ageMs, content } = this.state;
    if (content !== null && ageMs !== null)
      this.#ports.audience.confirm(content.payloads, { ageMs });
    return remove;
  }

  /** Redis can be used, or messages may have been lost: look at once. */
  wake(): void {
    void this.#heartbeat.beat();
  }

  /** The connection was lost. */
  disconnected(error: RedisError): void {
    if (this.state.isStopped) return;
    this.state.noteRedisError(error);
    this.#unusableSinceMs ??= this.#ports.clock.monotonicMs();
    this.#heartbeat.within(this.#delayMs());
  }

  /** A hint of another worker. A wrong, lost or repeated one does no harm. */
  message(text: string): void {
    const [kind, value] = text.split(" ");
    const revision = Number(value);
    const { random } = this.#ports;
    switch (kind) {
      case "c":
        if (!(revision > (this.state.revision ?? 0))) return;
        this.#lastPushed = revision;
        this.#ports.counters.pushes += 1;
        this.#reader.push();
        return;
      case "l":
        this.#heartbeat.within(random() * RELEASED_MS);
        return;
      case "r":
        if (this.state.role === "leader") this.#wishPoll();
        return;
      case "x":
        if (this.state.role === "leader") void this.#verify();
        return;
      default:
    }
  }

  /** Looks now; resolves when the answer is there. */
  async refresh(signal: AbortSignalLike): Promise<RefreshOutcome> {
    const { clock, protocol } = this.#ports;
    const sha = this.state.content?.sha;
    const startedAtMs = clock.monotonicMs();
    await protocol.link.settled();
    if (this.#poller.running !== null) return this.#poller.running;
    this.#isPollWished = true;
    await this.#heartbeat.beat();
    if (this.state.isStopped || signal.aborted) return closed();
    if (this.#unusableSinceMs !== null || this.#direct.reason !== null)
      return this.#refreshDirectly();
    if (this.state.role === "leader") return this.#poller.running ?? this.#poller.lastOutcome;
    this.#isPollWished = false;
    return this.#refreshByLeader(startedAtMs, sha, signal);
  }

  /** Ends all work; a settle that runs is waited for a moment, then the lease is given back. */
  async end(isAborted: () => boolean): Promise<void> {
    const { clock, diagnostics, protocol } = this.#ports;
    const wasLeader = this.state.role === "leader";
    const running = this.#poller.running;
    this.state.isStopped = true;
    this.state.role = "stopped";
    this.#heartbeat.stop();
    this.#reader.stop();
    this.#direct.stop();
    for (const cancel of this.#cancelTimers.values()) cancel();
    this.#poller.stop();
    if (!wasLeader || isAborted()) return;
    let cancelTimer = (): void => {};
    const deadline = new Promise<void>((resolve) => {
      // Holds the process: a script may wait for the end of this and have nothing else left to do.
      cancelTimer = clock.setTimer(resolve, MAX_END_MS, { holdsProcess: true });
    });
    const handOver = async (): Promise<void> => {
      await running;
      if (await protocol.release()) diagnostics.info("leader released");
    };
    await Promise.race([handOver().catch(() => {}), deadline]);
    cancelTimer();
  }

  get #isEligible(): boolean {
    const { clock, settings } = this.#ports;
    return settings.isEligible && clock.monotonicMs() >= this.#ineligibleUntilMs;
  }

  #want(): Want {
    if (this.#poller.isLeading) return WANT.renewClaim;
    if (this.#poller.isHeldOff) return WANT.nothing;
    return this.#isPollWished || this.state.mustRepair ? WANT.pollNow : WANT.pollIfDue;
  }

  #delayMs(): number {
    const { clock, random, settings } = this.#ports;
    const nowMs = clock.monotonicMs();
    const { content, role, lastTick } = this.state;
    const ms = delayMs(settings, {
      tick: this.#unusableSinceMs === null ? lastTick : null,
      isLeader: role === "leader",
      isPolling: this.#poller.isLeading,
      hasContent: content !== null,
      uptimeMs: nowMs - this.#startedAtMs,
      u: random(),
    });
    if (this.#unusableSinceMs === null) {
      return this.#poller.heldOffMs > 0 ? Math.min(ms, this.#poller.heldOffMs) : ms;
    }
    // The moment from which this process polls by itself.
    const restMs = this.#unusableSinceMs + this.#directAfterMs - nowMs;
    return restMs > 0 ? Math.min(ms, restMs + 1) : ms;
  }

  get #directAfterMs(): number {
    const { directAfterMs, emptyDirectAfterMs } = this.#ports.settings;
    // A copy from a disk that nobody has confirmed is as good as none.
    return this.state.ageMs === null ? emptyDirectAfterMs : directAfterMs;
  }

  #ticked(tick: Tick, isPlain: boolean): void {
    const { diagnostics } = this.#ports;
    this.#noteUsable();
    this.#isPlain = isPlain;
    this.state.lastTick = tick;
    diagnostics.debug("tick", { revision: tick.revision, isLeader: tick.isHeld });
    if (this.#isForeign(tick)) return;
    this.#noteLease(tick);
    this.#compare(tick);
    this.#reportOutcome(tick);
    const reason = this.#directReasonOf(tick);
    this.#direct.set(reason);
    if (!tick.isHeld) this.state.role = reason === null ? "follower" : "direct";
    if (tick.mustPoll) this.#startPoll(tick);
    else if (tick.isHeld && this.#isPollWished) this.#pollLater(tick);
  }

  /** The last poll is too young for another one. */
  #pollLater({ settledAgeMs }: Tick): void {
    if (this.#poller.isHeldOff || settledAgeMs === null) return;
    const restMs = Math.max(0, MIN_POLL_GAP_MS - settledAgeMs);
    this.#after("wish", restMs, () => this.#heartbeat.within(0));
  }

  #startPoll({ failures, n }: Tick): void {
    this.#isPollWished = false;
    this.#cancel("wish");
    this.#poller.lead(n, failures);
  }

  #noteUsable(): void {
    const { clock, diagnostics } = this.#ports;
    if (this.#unusableSinceMs === null) return;
    const outageMs = Math.round(clock.monotonicMs() - this.#unusableSinceMs);
    this.#unusableSinceMs = null;
    if (this.#direct.reason === "redis-unusable") {
      diagnostics.info("redis reachable again", { outageMs });
    }
  }

  /** Whether the namespace belongs to another origin. Then nothing is read or written. */
  #isForeign({ scope }: Tick): boolean {
    const { diagnostics, origin, settings } = this.#ports;
    const isForeign = scope !== "" && scope !== origin.scope;
    if (isForeign && !this.#hasConflict) {
      const code = "SORTITION_REDIS_NAMESPACE_CONFLICT";
      const message = "the namespace holds the configuration of another origin";
      this.state.lastError = { code, message, atMs: this.#ports.clock.now() };
      diagnostics.error("namespace belongs to another source", {
        code,
        namespace: settings.namespace.name,
      });
    }
    this.#hasConflict = isForeign;
    if (isForeign) {
      this.#loseLease();
      this.state.role = "direct";
      this.#direct.set("namespace-conflict");
    }
    return isForeign;
  }

  #noteLease({ isHeld, n }: Tick): void {
    const { counters, diagnostics, settings } = this.#ports;
    if (!isHeld) {
      this.#loseLease();
      return;
    }
    this.state.noteKnown(Number(n));
    this.state.fence = n;
    if (this.state.role === "leader") return;
    this.state.role = "leader";
    counters.leaseAcquired += 1;
    diagnostics.info("became leader", { namespace: settings.namespace.name, fence: n });
  }

  #loseLease(): void {
    if (this.state.role !== "leader") return;
    this.state.role = "follower";
    this.#ports.counters.leaseLost += 1;
    this.#ports.diagnostics.warn("lease lost", {});
  }

  /** Compares what is stored with what the clients have. */
  #compare(tick: Tick): void {
    const { state } = this;
    const { okAgeMs, revision, sha } = tick;
    const { content } = state;
    if (revision === state.unusableRevision) return;
    if (revision === 0 && content === null) return;
    if (content === null) {
      this.#reader.read();
      return;
    }
    const own = state.revision;
    if (own === null) {
      if (revision !== 0) this.#compareDirect(tick);
      return;
    }
    if (revision > own && sha !== content.sha) {
      this.#noteMissedPush(tick);
      this.#reader.read();
    } else if (revision >= own) {
      state.adopt(revision);
      this.#confirm(okAgeMs, tick);
    } else {
      this.#restoreSoon(revision);
    }
  }

  /** The content was fetched directly, or is a copy from a disk: the younger one counts. */
  #compareDirect(tick: Tick): void {
    const { state } = this;
    const { okAgeMs, revision, sha } = tick;
    if (sha === state.content?.sha) {
      state.adopt(revision);
      this.#confirm(okAgeMs, tick);
      return;
    }
    const { ageMs } = state;
    if (ageMs === null || (okAgeMs !== null && okAgeMs < ageMs)) this.#reader.read();
    // What is here is younger: the fleet should look, too.
    else if (state.role === "leader") this.#wishPoll();
    else this.#ports.protocol.hint("r").catch(() => {}); // sent again by the next tick
  }

  #confirm(okAgeMs: number | null, { overdueMs }: Tick): void {
    const { content } = this.state;
    if (okAgeMs === null || content === null || !this.state.noteAge(okAgeMs)) return;
    this.#ports.audience.confirm(content.payloads, { ageMs: okAgeMs });
    if (overdueMs !== null) this.#ports.audience.schedule(Math.max(0, -overdueMs));
  }

  #noteMissedPush({ revision, settledAgeMs }: Tick): void {
    const isLate = settledAgeMs !== null && settledAgeMs > MISSED_AFTER_MS;
    if (!isLate || this.#lastPushed >= revision || !this.#isSubscribed()) return;
    this.#ports.counters.missedPushes += 1;
  }

  /** Redis has lost what this worker has: it comes back with its old revision. */
  #restoreSoon(storedRevision: number): void {
    const { random } = this.#ports;
    if (this.#isPlain || this.#cancelTimers.has("restore")) return;
    const isLeader = this.state.role === "leader";
    const spreadMs = MIN_RESTORE_MS + random() * (MAX_RESTORE_MS - MIN_RESTORE_MS);
    this.#after("restore", isLeader ? 0 : spreadMs, async () => {
      const { content, lastTick, revision } = this.state;
      const isLost = revision !== null && (lastTick?.revision ?? storedRevision) < revision;
      if (content !== null && isLost) await this.#publisher.restore(content, revision);
      if (!this.state.isStopped) this.#heartbeat.within(0);
    });
  }

  /** A follower reports a failed poll of the leader, once. */
  #reportOutcome(tick: Tick): void {
    const { failures, isHeld, outcome, overdueMs, revision } = tick;
    // What is stored comes first: a refused key must not end the wait of a client that is about to be ready.
    if (this.state.content === null && revision > 0 && this.state.unusableRevision === null) return;
    const failure = outcome === "ok" || outcome === "too-large" ? "" : `${outcome} ${failures}`;
    const isNew = failure !== this.#reportedFailure;
    this.#reportedFailure = failure;
    if (!isNew || failure === "" || outcome === "" || isHeld) return;
    const inMs = Math.max(0, -(overdueMs ?? 0));
    const reported = failureOf(tick, inMs);
    this.state.noteError(reported.error);
    this.#ports.audience.fail(reported, { inMs });
  }

  #directReasonOf(tick: Tick): DirectReason | null {
    const { diagnostics, settings } = this.#ports;
    const { content, unusableRevision } = this.state;
    if (tick.isHeld) return null;
    if (this.#isWithoutLeader(tick) && content === null) return "no-eligible-worker";
    if (tick.outcome === "too-large") return "too-large";
    if (content === null) return unusableRevision === null ? null : "payload-unusable";
    if (tick.overdueMs === null || tick.overdueMs <= settings.overdueAfterMs) return null;
    if (this.#direct.reason !== "overdue") {
      diagnostics.warn("nobody settles polls, polling directly", { overdueMs: tick.overdueMs });
    }
    return "overdue";
  }

  /** Whether nobody has taken the lease for a while. */
  #isWithoutLeader({ leader }: Tick): boolean {
    const { clock, diagnostics, settings } = this.#ports;
    const nowMs = clock.monotonicMs();
    if (leader !== "") {
      this.#leaderlessSinceMs = null;
      this.#isNoLeaderReported = false;
      return false;
    }
    this.#leaderlessSinceMs ??= nowMs;
    const isLong =
      nowMs - this.#leaderlessSinceMs >= Math.max(settings.leaseMs, this.#directAfterMs);
    if (isLong && !this.#isNoLeaderReported) {
      this.#isNoLeaderReported = true;
      diagnostics.warn("no eligible worker", { namespace: settings.namespace.name });
    }
    return isLong;
  }

  #failed(error: RedisError): void {
    const { clock, diagnostics, settings } = this.#ports;
    const nowMs = clock.monotonicMs();
    this.#unusableSinceMs ??= nowMs;
    const unusableMs = nowMs - this.#unusableSinceMs;
    // The lease has run out by now, and another worker may have it.
    if (unusableMs >= settings.leaseMs) this.#loseLease();
    if (unusableMs < this.#directAfterMs) return;
    this.#loseLease();
    this.state.role = "direct";
    if (settings.whenRedisDown === "hold") {
      this.#direct.set(null);
      return;
    }
    if (this.#direct.reason !== "redis-unusable") {
      diagnostics.warn("redis unusable, polling directly", { code: error.code });
    }
    this.#direct.set("redis-unusable");
  }

  #afterPoll(isDue: boolean): void {
    if (this.state.isStopped) return;
    this.#lookForOmitted();
    if (isDue) this.#heartbeat.within(0);
  }

  #afterApply(): void {
    this.#lookForOmitted();
    this.#heartbeat.within(0);
  }

  /** Polls of this worker keep failing, or cannot be recorded: another host may have a way out. */
  async #giveUp(): Promise<void> {
    const { clock, diagnostics, protocol, settings } = this.#ports;
    this.#ineligibleUntilMs = clock.monotonicMs() + 2 * settings.pollIntervalMs;
    try {
      if (!(await protocol.release())) return;
      diagnostics.info("leader released");
      if (this.state.role === "leader") this.state.role = "follower";
    } catch {
      // The lease runs out by itself.
    }
  }

  /** Asks the fleet for a poll: now, or as soon as the last one is old enough. */
  #wishPoll(): void {
    this.#isPollWished = true;
    this.#heartbeat.within(0);
  }

  /** The leader never reads what it wrote itself: a newcomer tells it that the stored parts are damaged. */
  async #verify(): Promise<void> {
    const { clock, settings } = this.#ports;
    const nowMs = clock.monotonicMs();
    if (this.#isVerifying || nowMs - this.#verifiedAtMs < settings.pollIntervalMs) return;
    this.#verifiedAtMs = nowMs;
    this.#isVerifying = true;
    const isGood = await this.#reader.verify();
    this.#isVerifying = false;
    if (isGood !== false || this.state.isStopped) return;
    this.state.mustRepair = true;
    this.#wishPoll();
  }

  /** Parts that are too large to be stored: a worker that lacks them looks at the origin itself. */
  #lookForOmitted(): void {
    const { random, settings } = this.#ports;
    if (this.#missingParts.size === 0) {
      this.#cancel("omitted");
      return;
    }
    if (this.#cancelTimers.has("omitted")) return;
    this.#after("omitted", random() * settings.pollIntervalMs, async () => {
      await this.#poller.takeOmitted(this.#missingParts);
      if (this.state.isStopped || this.#missingParts.size === 0) return;
      this.#after("omitted", settings.pollIntervalMs, () => this.#lookForOmitted());
    });
  }

  get #missingParts(): ReadonlyMap<string, string> {
    const { content, omitted, role } = this.state;
    if (content === null || role === "leader") return new Map();
    return new Map([...omitted].filter(([name, hash]) => content.hashes.get(name) !== hash));
  }

  async #refreshDirectly(): Promise<RefreshOutcome> {
    if (this.#unusableSinceMs !== null && this.#ports.settings.whenRedisDown === "hold") {
      const error = new RedisError("SORTITION_REDIS_UNREACHABLE", "redis cannot be used");
      return { outcome: "failed", error };
    }
    return (await this.#direct.poll()).outcome;
  }

  /** Asks the leader, and looks for its answer. */
  async #refreshByLeader(
    startedAtMs: number,
    sha: string | undefined,
    signal: AbortSignalLike,
  ): Promise<RefreshOutcome> {
    const { clock, protocol } = this.#ports;
    const isOpen = (): boolean => !this.state.isStopped && !signal.aborted;
    await protocol.hint("r").catch(() => {}); // the ticks below go on without it
    while (isOpen()) {
      const { lastTick } = this.state;
      const elapsedMs = clock.monotonicMs() - startedAtMs;
      const isAnswered =
        lastTick?.settledAgeMs !== null &&
        lastTick?.settledAgeMs !== undefined &&
        lastTick.settledAgeMs < elapsedMs + MIN_POLL_GAP_MS;
      if (isAnswered && this.#unusableSinceMs === null) {
        await this.#reader.idle;
        if (lastTick.outcome !== "ok" && lastTick.outcome !== "") {
          return { outcome: "failed", error: failureOf(lastTick, 0).error };
        }
        return { outcome: this.state.content?.sha !== sha ? "updated" : "unchanged" };
      }
      if (this.#direct.reason !== null) return this.#refreshDirectly();
      await new Promise<void>((resolve) => {
        clock.setTimer(resolve, ANSWER_MS, { holdsProcess: false });
      });
      await this.#heartbeat.beat();
    }
    return closed();
  }

  #after(
    name: "restore" | "wish" | "omitted",
    delayMs: number,
    callback: () => void | Promise<void>,
  ): void {
    this.#cancel(name);
    const cancel = this.#ports.clock.setTimer(
      () => {
        this.#cancelTimers.delete(name);
        void callback();
      },
      delayMs,
      { holdsProcess: false },
    );
    this.#cancelTimers.set(name, cancel);
  }

  #cancel(name: "restore" | "wish" | "omitted"): void {
    this.#cancelTimers.get(name)?.();
    this.#cancelTimers.delete(name);
  }
}

function closed(): RefreshOutcome {
  return { outcome: "failed", error: new ClosedError() };
}
