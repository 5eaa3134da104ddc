import {
  type AbortSignalLike,
  type RefreshOutcome,
  type SourceContext,
  type SourceSink,
  type StreamStatus,
  within,
} from "@sortition/core/kit";
import { contentOf } from "../codec/content.js";
import { factsOf } from "../error-facts.js";
import { RedisError } from "../errors/redis-error.js";
import { Timer } from "../timer.js";
import { closedOutcome } from "./closed-outcome.js";
import { Comparison } from "./comparison.js";
import { Damage } from "./damage.js";
import { delayMs } from "./delays.js";
import { Heartbeat } from "./heartbeat.js";
import { Lease } from "./lease.js";
import { Outage } from "./outage.js";
import { DirectMode } from "./polling/direct-mode.js";
import { DirectReasons } from "./polling/direct-reasons.js";
import { awaitAnswer, waitForAnswer } from "./polling/leader-answer.js";
import { OmittedParts } from "./polling/omitted-parts.js";
import { PollReports } from "./polling/poll-reports.js";
import { Poller } from "./polling/poller.js";
import { WANT, type Want } from "./protocol.js";
import { Publisher } from "./publisher.js";
import { Reader } from "./reader.js";
import type { Tick } from "./replies.js";
import { StreamWatch } from "./stream-watch.js";
import { type WorkerPorts, WorkerState } from "./worker-state.js";

/** The leader polls on request if its last poll is at least this old. */
const MIN_POLL_GAP_MS = 1_000;
/** After a lease was given back, the others tick within this time. */
const RELEASED_MS = 50;
/** Longest time that the end waits for a settle and the hand-over. */
const MAX_END_MS = 400;

/** Redis does not answer ticks, or the configuration cannot be read; that was reported. */
interface Unusable {
  readonly cause: "outage" | "reads";
  readonly sinceMs: number;
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
  readonly #comparison: Comparison;
  readonly #lease: Lease;
  readonly #damage: Damage;
  readonly #direct: DirectMode;
  readonly #directReasons: DirectReasons;
  readonly #reports: PollReports;
  readonly #omitted: OmittedParts;
  readonly #outage: Outage;
  readonly #wishTimer: Timer;
  readonly #startedAtMs: number;
  #isSubscribed: () => boolean = () => false;
  /** Scripts are refused, plain reads work. */
  #isPlain = false;
  /** A connection, or an attempt to make one, has failed. */
  #hasFailed = false;
  #unusable: Unusable | null = null;
  /** A poll was asked for, and has not begun. */
  #isPollWished = false;

  constructor(ports: WorkerPorts) {
    this.#ports = ports;
    const state = new WorkerState(ports);
    this.state = state;
    this.#startedAtMs = ports.clock.monotonicMs();
    this.#wishTimer = new Timer(ports.clock);
    const publisher = new Publisher(ports, state);
    const tickSoon = (): void => this.#heartbeat.within(0);
    this.#reader = new Reader(ports, state, {
      isPlain: () => this.#isPlain,
      applied: () => {
        this.#omitted.review();
        tickSoon();
      },
      read: () => this.#noteUsable("reads"),
      unusable: tickSoon,
    });
    this.#poller = new Poller(ports, state, publisher, {
      ended: (isDue) => {
        if (state.isStopped) return;
        this.#omitted.review();
        if (isDue || this.#isPollWished) tickSoon();
        // A tick that renews a long lease may come later than the next poll is due.
        else this.#heartbeat.within(ports.settings.pollIntervalMs);
      },
      giveUp: () => void this.#lease.giveUp(),
    });
    this.#comparison = new Comparison(
      ports,
      state,
      { reader: this.#reader, publisher },
      {
        wishPoll: () => this.#wishPoll(),
        restored: tickSoon,
        isSubscribed: () => this.#isSubscribed(),
      },
    );
    const stream = new StreamWatch(ports, (news) => {
      const isAsked = news === "payloads" && this.#poller.askAgain();
      if (!isAsked) this.#wishPoll();
    });
    this.#lease = new Lease(ports, state, stream);
    this.#damage = new Damage(ports, state, this.#reader, () => this.#wishPoll());
    this.#direct = new DirectMode(ports, state, this.#poller);
    this.#directReasons = new DirectReasons(ports, state);
    this.#reports = new PollReports(ports, state);
    this.#omitted = new OmittedParts(ports, state, this.#poller);
    this.#heartbeat = new Heartbeat(ports, state, {
      want: () => this.#want(),
      isEligible: () => ports.settings.isEligible && !this.#lease.isDeclined,
      ticked: (tick, isPlain) => this.#ticked(tick, isPlain),
      failed: (error) => this.#failed(error),
      delayMs: () => this.#delayMs(),
    });
    this.#outage = new Outage(ports.clock, tickSoon);
    this.#outage.begin(this.#directAfterMs);
  }

  /**
   * Starts with what the first client has from a disk, if anything.
   *
   * @param isSubscribed - whether changes are pushed at the moment.
   */
  async start(isSubscribed: () => boolean): Promise<void> {
    const { subscribers, digest } = this.#ports;
    this.#isSubscribed = isSubscribed;
    const { current } = subscribers;
    const copy = current === null ? null : await contentOf(current, digest);
    // Unconfirmed: its age is known when Redis or the origin tells it. A read may have been faster.
    this.state.content ??= copy;
    void this.#heartbeat.beat();
  }

  /** The stream that this worker follows; absent unless it leads, and the origin has one. */
  get stream(): StreamStatus | undefined {
    return this.#lease.stream;
  }

  /** A client joins, and gets what the others have. The result removes it; `true`: it was the last one. */
  add(sink: SourceSink, context: SourceContext): () => boolean {
    const { ageMs, content } = this.state;
    const loaded =
      content === null || ageMs === null
        ? null
        : { payloads: content.payloads, ageMs: () => this.state.ageMs ?? ageMs };
    return this.#ports.subscribers.add(sink, context, loaded);
  }

  /** Redis can be used, or messages may have been lost: tick at once. */
  wake(): void {
    void this.#heartbeat.beat();
  }

  /** The connection was lost. */
  disconnected(error: RedisError): void {
    if (this.state.isStopped) return;
    this.state.noteRedisError(error);
    this.#outage.begin(this.#directAfterMs);
    // Until now nothing spoke against Redis.
    if (!this.#hasFailed) this.#outage.waitAgain(this.#directAfterMs);
    this.#hasFailed = true;
    this.#heartbeat.within(this.#delayMs());
  }

  /** A hint of another worker. A wrong, lost or repeated one does no harm. */
  message(text: string): void {
    const [kind, value] = text.split(" ");
    const isLeader = this.#lease.isHeld;
    if (kind === "c") this.#comparison.push(Number(value));
    else if (kind === "l") this.#heartbeat.within(this.#ports.random() * RELEASED_MS);
    else if (kind === "r" && isLeader) this.#wishPoll();
    else if (kind === "x" && isLeader) {
      this.#damage.hint();
      this.#heartbeat.within(0); // the tick finds the report that belongs to it
    }
  }

  /** Polls now; resolves when the answer is there. */
  async refresh(signal: AbortSignalLike): Promise<RefreshOutcome> {
    const { clock, protocol } = this.#ports;
    const { state } = this;
    const sha = state.content?.sha;
    const startedAtMs = clock.monotonicMs();
    await protocol.link.settled();
    const { unanswered } = this.#poller;
    if (unanswered !== null) return unanswered;
    await this.#poller.running;
    const { latest } = this.#poller;
    this.#isPollWished = true;
    await this.#heartbeat.beat();
    // The last poll may be too young for the next one.
    const latestMs = clock.monotonicMs() + 2 * MIN_POLL_GAP_MS;
    const isAwaited = (): boolean =>
      this.#poller.latest === latest && !this.#poller.isHeldOff && clock.monotonicMs() < latestMs;
    while (this.#lease.isHeld && isAwaited() && !signal.aborted) await waitForAnswer(clock);
    if (state.isStopped || signal.aborted) return closedOutcome();
    if (this.#isDirect) return this.#refreshDirectly();
    if (this.#lease.isHeld) {
      const next = this.#poller.latest;
      return next === null || next === latest ? this.#poller.lastOutcome : next;
    }
    this.#isPollWished = false;
    await protocol.hint("r").catch(() => {}); // the ticks go on without it
    const answer = await awaitAnswer({
      clock,
      state,
      heartbeat: this.#heartbeat,
      reader: this.#reader,
      signal,
      startedAtMs,
      sha,
      isHeard: () => this.#isSubscribed(),
      isDirect: () => this.#isDirect,
    });
    return answer ?? this.#refreshDirectly();
  }

  /**
   * Ends all work in the same turn; then a settle that runs is waited for a moment, and the lease is given
   * back.
   *
   * @param isAborted - whether nothing may be waited for.
   */
  async end(isAborted: () => boolean): Promise<void> {
    const wasLeader = this.#lease.isHeld;
    const { running } = this.#poller;
    this.state.isStopped = true;
    this.#lease.stepDown("stopped");
    for (const part of [this.#heartbeat, this.#reader, this.#direct, this.#omitted]) part.stop();
    this.#comparison.stop();
    this.#outage.end();
    this.#wishTimer.cancel();
    this.#poller.stop();
    if (!wasLeader || isAborted()) return;
    const { clock } = this.#ports;
    // Holds the process: a script may wait for this end, and have nothing else left to do.
    const limit = { clock, timeoutMs: MAX_END_MS, holdsProcess: true };
    // If it is late, the lease runs out.
    await within(limit, async () => {
      await running;
      await this.#lease.release();
    });
  }

  get #isDirect(): boolean {
    return this.#outage.isOn || this.#direct.reason !== null;
  }

  #want(): Want {
    if (this.#poller.isLeading) return WANT.renewClaim;
    if (this.#poller.isHeldOff) return WANT.nothing;
    return this.#isPollWished || this.state.mustRepair ? WANT.pollNow : WANT.pollIfDue;
  }

  #delayMs(): number {
    const { clock, random, settings } = this.#ports;
    const { content, lastTick } = this.state;
    const usualMs = delayMs(settings, {
      tick: this.#outage.isOn ? null : lastTick,
      isLeader: this.#lease.isHeld,
      isPolling: this.#poller.isLeading,
      hasContent: content !== null,
      uptimeMs: clock.monotonicMs() - this.#startedAtMs,
      u: random(),
    });
    const { heldOffMs } = this.#poller;
    return heldOffMs > 0 && !this.#outage.isOn ? Math.min(usualMs, heldOffMs) : usualMs;
  }

  get #directAfterMs(): number {
    const { directAfterMs, emptyDirectAfterMs } = this.#ports.settings;
    // A copy from disk that was never confirmed counts as no configuration.
    return this.state.ageMs === null ? emptyDirectAfterMs : directAfterMs;
  }

  #ticked(tick: Tick, isPlain: boolean): void {
    this.#outage.end();
    this.#noteUsable("outage");
    this.#isPlain = isPlain;
    this.state.noteTick(tick);
    this.#ports.diagnostics.debug("tick", { revision: tick.revision, isLeader: tick.isHeld });
    if (this.#isForeign(tick)) return;
    if (tick.isHeld) this.#lease.hold(tick.n);
    else this.#lease.lose();
    this.#comparison.compare(tick, !isPlain);
    this.#reports.report(tick);
    const isUnread = this.#isUnread(tick);
    if (!isUnread) this.#direct.set(this.#directReasons.of(tick, this.#directAfterMs));
    const isFollower = !isUnread && this.#direct.reason === null;
    if (!tick.isHeld) this.#lease.stepDown(isFollower ? "follower" : "direct");
    if (tick.mustPoll) void this.#startPoll(tick);
    else if (tick.isHeld && this.#isPollWished) this.#pollLater(tick);
    if (tick.isHeld) this.#damage.review(tick);
  }

  /** Whether the configuration could not be read for a while, though Redis answers ticks: then it is of no use. */
  #isUnread({ isHeld, revision }: Tick): boolean {
    if (isHeld || revision <= (this.state.revision ?? 0)) this.#reader.forgetFailure();
    const { failure } = this.#reader;
    if (failure === null) return false;
    const failingMs = this.#ports.clock.monotonicMs() - failure.sinceMs;
    if (failingMs <= this.#directAfterMs) return false;
    this.#doWithout("reads", failure.error, failingMs);
    return true;
  }

  async #startPoll({ failures, n }: Tick): Promise<void> {
    this.#isPollWished = false;
    this.#wishTimer.cancel();
    await this.#comparison.restoring;
    this.#poller.lead(n, failures);
  }

  /** The last poll is too young for another one. */
  #pollLater({ settledAgeMs }: Tick): void {
    if (this.#poller.isHeldOff || settledAgeMs === null) return;
    const restMs = Math.max(0, MIN_POLL_GAP_MS - settledAgeMs);
    this.#wishTimer.set(restMs, () => this.#heartbeat.within(0));
  }

  #noteUsable(cause: Unusable["cause"]): void {
    if (this.#unusable?.cause !== cause) return;
    const outageMs = Math.round(this.#ports.clock.monotonicMs() - this.#unusable.sinceMs);
    this.#unusable = null;
    this.#ports.diagnostics.info("redis reachable again", { outageMs });
  }

  /** Whether the namespace belongs to another origin. Then nothing is read or written. */
  #isForeign({ scope }: Tick): boolean {
    const { diagnostics, origin, settings } = this.#ports;
    const isOther = scope !== "" && scope !== origin.scope;
    // If Redis has lost it, its owner has this time to put it back.
    if (isOther) this.#lease.decline();
    const isLost = scope === "" && this.state.hasConflict && this.#lease.isDeclined;
    const isForeign = isOther || isLost;
    if (isForeign && !this.state.hasConflict) {
      const code = "SORTITION_REDIS_NAMESPACE_CONFLICT";
      const { name: namespace } = settings.namespace;
      this.state.noteError(
        new RedisError(code, "the namespace holds the configuration of another origin"),
      );
      diagnostics.error("namespace belongs to another source", { code, namespace });
    }
    this.state.hasConflict = isForeign;
    if (!isForeign) return false;
    this.#lease.lose();
    this.#lease.stepDown("direct");
    this.#direct.set("namespace-conflict");
    return true;
  }

  #failed(error: RedisError): void {
    this.#outage.begin(this.#directAfterMs);
    const { isLong } = this.#outage;
    // The lease has run out by then, and another worker may have it.
    if (isLong || this.#outage.ms >= this.#ports.settings.leaseMs) this.#lease.lose();
    if (!isLong) return;
    this.#lease.stepDown("direct");
    this.#doWithout("outage", error, this.#outage.ms);
  }

  /** Redis has been of no use for a while: this process polls by itself, or holds what it has. */
  #doWithout(cause: Unusable["cause"], error: RedisError, forMs: number): void {
    const { clock, diagnostics, settings } = this.#ports;
    const holds = settings.whenRedisDown === "hold";
    if (this.#unusable?.cause !== cause) {
      this.#unusable = { cause, sinceMs: clock.monotonicMs() - forMs };
      diagnostics.warn(`redis unusable, ${holds ? "holding" : "polling directly"}`, factsOf(error));
      this.state.noteError(error);
    }
    this.#direct.set(holds ? null : "redis-unusable");
  }

  /** Asks for a poll of the fleet: now, or as soon as the last one is old enough. */
  #wishPoll(): void {
    this.#isPollWished = true;
    this.#heartbeat.within(0);
  }

  async #refreshDirectly(): Promise<RefreshOutcome> {
    if (this.#outage.isOn && this.#ports.settings.whenRedisDown === "hold") {
      const error = new RedisError("SORTITION_REDIS_UNREACHABLE", "redis cannot be used");
      return { outcome: "failed", error };
    }
    return (await this.#direct.poll()).outcome;
  }
}
