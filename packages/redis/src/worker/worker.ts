import {
  type AbortSignalLike,
  pause,
  type RefreshOutcome,
  type SourceContext,
  type SourceSink,
  type StreamStatus,
  Timer,
  within,
} from "@sortition/core/internal";
import { contentOf } from "../codec/content.js";
import { outOfMemory, RedisError } from "../errors/redis-error.js";
import { setLoopTimer } from "../loop-timer.js";
import { closedOutcome } from "./closed-outcome.js";
import { next } from "./decisions/next.js";
import { isDirect, isEligible, tickDelayMs, wantOf } from "./decisions/next-tick.js";
import { MIN_POLL_GAP_MS } from "./decisions/polls.js";
import {
  type Action,
  Decided,
  type DecisionInput,
  type Handlers,
  type TimerName,
  type WorkerEvent,
} from "./decisions/transition.js";
import { Heartbeat } from "./heartbeat.js";
import { failureOf } from "./polling/outcomes.js";
import { type DirectPoll, Poller } from "./polling/poller.js";
import { Publisher } from "./publisher.js";
import { Reader } from "./reader.js";
import type { Tick } from "./replies.js";
import { type WorkerPorts, WorkerState } from "./worker-state.js";

/** Maximum time that `end` waits for a settle and the release of the lease. */
const MAX_END_MS = 400;
/** Pause between two reads while waiting for the leader. */
const ANSWER_MS = 25;

/**
 * One worker of a fleet, from its first client to the end of the last one. It receives events, lets {@link next} decide,
 * and performs the actions. The heartbeat, the reader and the poller run independently of each other.
 *
 * @see docs/spec/redis.md
 */
export class Worker {
  readonly state: WorkerState;
  readonly #ports: WorkerPorts;
  readonly #heartbeat: Heartbeat;
  readonly #reader: Reader;
  readonly #publisher: Publisher;
  readonly #poller: Poller;
  readonly #timers: Readonly<Record<TimerName, Timer>>;
  readonly #startedAtMs: number;
  readonly #events: WorkerEvent[] = [];
  #decided = new Decided();
  #isDispatching = false;
  #isSubscribed: () => boolean = () => false;
  #unfollow: () => void = () => {};

  constructor(ports: WorkerPorts) {
    const { clock } = ports;
    this.#ports = ports;
    const state = new WorkerState(ports);
    this.state = state;
    this.#startedAtMs = clock.monotonicMs();
    this.#timers = {
      // Time in which the event loop was blocked does not count as an outage of Redis.
      outage: new Timer(clock, setLoopTimer),
      wish: new Timer(clock),
      direct: new Timer(clock),
      restore: new Timer(clock),
      omitted: new Timer(clock),
    };
    this.#publisher = new Publisher(ports, state);
    this.#reader = new Reader(ports, state, {
      isPlain: () => this.#decided.isPlain,
      applied: () => this.#dispatch({ kind: "applied" }),
      read: () => this.#dispatch({ kind: "read" }),
      unusable: () => this.#dispatch({ kind: "unreadable" }),
    });
    this.#poller = new Poller(ports, state, this.#publisher, (end) =>
      this.#dispatch({ kind: "polled", end }),
    );
    this.#heartbeat = new Heartbeat(ports, state, {
      want: () => wantOf(this.#decided, this.#input()),
      isEligible: () => isEligible(this.#decided, this.#input()),
      ticked: (tick, isPlain) => this.#dispatch({ kind: "ticked", tick, isPlain }),
      failed: (error) => this.#dispatch({ kind: "tick-failed", error }),
      delayMs: () => tickDelayMs(this.#decided, this.#input()),
    });
    this.#dispatch({ kind: "started" });
  }

  /**
   * Starts with the configuration that the first client loaded from disk, if any.
   *
   * @param isSubscribed - whether changes are currently pushed.
   */
  async start(isSubscribed: () => boolean): Promise<void> {
    const { subscribers, digest } = this.#ports;
    this.#isSubscribed = isSubscribed;
    const { current } = subscribers;
    const copy = current === null ? null : await contentOf(current, digest);
    // Its age is unknown until Redis or the origin confirms it. A read may have been faster.
    this.state.content ??= copy;
    void this.#heartbeat.beat();
  }

  /** The stream that this worker follows. Absent unless it leads and the origin has a stream. */
  get stream(): StreamStatus | undefined {
    return this.#decided.followed === null ? undefined : this.#ports.origin.stream;
  }

  /** Adds a client, and gives it the current content. The result removes it, and returns whether it was the last one. */
  add(sink: SourceSink, context: SourceContext): () => boolean {
    const { ageMs, content } = this.state;
    const loaded =
      content === null || ageMs === null
        ? null
        : { payloads: content.payloads, ageMs: () => this.state.ageMs ?? ageMs };
    return this.#ports.subscribers.add(sink, context, loaded);
  }

  /** Ticks immediately, because Redis has become usable or messages may have been lost. */
  wake(): void {
    void this.#heartbeat.beat();
  }

  /** Called when the connection was lost. */
  disconnected(error: RedisError): void {
    this.#dispatch({ kind: "disconnected", error });
  }

  /** Receives a hint from another worker. Wrong, lost and repeated hints do no harm. */
  message(text: string): void {
    this.#dispatch({ kind: "message", text });
  }

  /** Polls now. Resolves with the outcome. */
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
    this.#dispatch({ kind: "wished" });
    await this.#heartbeat.beat();
    // The last poll may be too recent for another one.
    const latestMs = clock.monotonicMs() + 2 * MIN_POLL_GAP_MS;
    const isAwaited = (): boolean =>
      this.#poller.latest === latest && !this.#isHeldOff && clock.monotonicMs() < latestMs;
    while (this.#isLeader && isAwaited() && !signal.aborted) await this.#waitForAnswer();
    if (state.isStopped || signal.aborted) return closedOutcome();
    if (isDirect(this.#decided)) return this.#refreshDirectly();
    if (this.#isLeader) {
      const latestNow = this.#poller.latest;
      return latestNow === null || latestNow === latest ? this.#poller.lastOutcome : latestNow;
    }
    this.#dispatch({ kind: "unwished" });
    await protocol.hint("r").catch(() => {}); // ticks work without it
    return (await this.#awaitAnswer(signal, startedAtMs, sha)) ?? this.#refreshDirectly();
  }

  /**
   * Reads the shared state until the leader has polled after the refresh started.
   *
   * @param sha - hash of the content at that time.
   * @returns `null` if this process now polls for itself.
   */
  async #awaitAnswer(
    signal: AbortSignalLike,
    startedAtMs: number,
    sha: string | undefined,
  ): Promise<RefreshOutcome | null> {
    const { clock, protocol } = this.#ports;
    const { state } = this;
    for (;;) {
      if (state.isStopped || signal.aborted) return closedOutcome();
      if (isDirect(this.#decided)) return null;
      // If the leader does not receive requests, the outcome is based on the last tick.
      if (!this.#isSubscribed()) break;
      const settledAgeMs = state.lastTick?.settledAgeMs ?? null;
      const elapsedMs = clock.monotonicMs() - startedAtMs;
      if (settledAgeMs !== null && settledAgeMs + state.lastReplyMs < elapsedMs) break;
      await this.#waitForAnswer();
      await this.#heartbeat.beat();
    }
    await this.#reader.idle;
    const { failure } = this.#reader;
    // A tick clears this failure once it no longer matters.
    if (failure !== null) return { outcome: "failed", error: failure.error };
    const { content, lastTick } = state;
    if (lastTick?.outcome === "out-of-memory") {
      return { outcome: "failed", error: outOfMemory(protocol.link.place) };
    }
    if (lastTick !== null && lastTick.outcome !== "ok" && lastTick.outcome !== "") {
      return { outcome: "failed", error: failureOf(lastTick, 0).error };
    }
    return { outcome: content?.sha === sha ? "unchanged" : "updated" };
  }

  /** Waits until it is worth reading again. */
  #waitForAnswer(): Promise<void> {
    return pause(this.#ports.clock, ANSWER_MS, { holdsProcess: false });
  }

  /**
   * Ends all work in the same turn. Then waits briefly for a running settle, and releases the lease.
   *
   * @param isAborted - whether to skip all waiting.
   */
  async end(isAborted: () => boolean): Promise<void> {
    const wasLeader = this.#isLeader;
    const { running } = this.#poller;
    this.state.isStopped = true;
    this.#dispatch({ kind: "stopped" });
    for (const part of [this.#heartbeat, this.#reader, this.#poller]) part.stop();
    if (!wasLeader || isAborted()) return;
    const { clock } = this.#ports;
    // Keeps the process alive, because a script may have nothing to do but wait for this.
    const limit = { clock, timeoutMs: MAX_END_MS, holdsProcess: true };
    // If this takes too long, the lease expires by itself.
    await within(limit, async () => {
      await running;
      await this.#release();
    });
  }

  get #isLeader(): boolean {
    return this.#decided.role === "leader";
  }

  /** Whether no poll for the fleet may be requested, because one is running or the last could not be recorded. */
  get #isHeldOff(): boolean {
    return (
      this.#poller.running !== null ||
      this.#ports.clock.monotonicMs() < this.#decided.heldOffUntilMs
    );
  }

  async #refreshDirectly(): Promise<RefreshOutcome> {
    const isOut = this.#decided.outageSinceMs !== null;
    if (isOut && this.#ports.settings.whenRedisDown === "hold") {
      const error = new RedisError("SORTITION_REDIS_UNREACHABLE", "redis cannot be used");
      return { outcome: "failed", error };
    }
    return (await this.#pollDirectly()).outcome;
  }

  #input(): DecisionInput {
    const { clock, origin, protocol, random, settings } = this.#ports;
    const nowMs = clock.monotonicMs();
    return {
      nowMs,
      epochMs: clock.now(),
      draw: random(),
      uptimeMs: nowMs - this.#startedAtMs,
      settings,
      place: protocol.link.place,
      scope: origin.scope,
      hasStream: origin.follow !== undefined,
      held: this.state.held,
      poll: this.#poller.kind,
      readFailure: this.#reader.failure,
      isSubscribed: this.#isSubscribed(),
    };
  }

  /** Handles events in order: an event that an action causes waits until all actions of the current event are done. */
  #dispatch(event: WorkerEvent): void {
    this.#events.push(event);
    if (this.#isDispatching) return;
    this.#isDispatching = true;
    try {
      for (let it = this.#events.shift(); it !== undefined; it = this.#events.shift()) {
        const { actions, state } = next(this.#decided, it, this.#input());
        this.#decided = state;
        this.state.role = state.role;
        this.state.hasConflict = state.hasConflict;
        for (const action of actions) {
          // Each performer accepts the actions of its own kind. Their promises never reject.
          (this.#performers[action.do] as (action: Action) => unknown)(action);
        }
      }
    } finally {
      this.#isDispatching = false;
    }
  }

  readonly #performers: Handlers<Action, "do"> = {
    "note-tick": ({ tick }) => this.state.noteTick(tick),
    "note-lease": ({ n }) => this.state.noteLease(n),
    "note-error": ({ error }) => this.state.noteError(error),
    "note-redis-error": ({ error }) => this.state.noteRedisError(error),
    "note-damage": () => {
      this.state.mustRepair = true;
    },
    "forget-read-failure": () => this.#reader.forgetFailure(),
    count: ({ what }) => {
      this.#ports.counters[what] += 1;
    },
    // Omits the argument if there are no facts, because a console would print `undefined`.
    say: ({ facts, level, message }) =>
      this.#ports.diagnostics[level](message, ...(facts === undefined ? [] : [facts])),
    tick: ({ withinMs }) => this.#heartbeat.within(withinMs),
    "set-timer": ({ delayMs, timer }) =>
      this.#timers[timer].set(delayMs, () => this.#dispatch({ kind: "time", timer })),
    "cancel-timer": ({ timer }) => this.#timers[timer].cancel(),
    follow: () => this.#follow(),
    unfollow: () => this.#unfollow(),
    release: () => this.#giveUp(),
    verify: async () => this.#dispatch({ kind: "verified", isGood: await this.#reader.verify() }),
    restore: () => this.#restore(),
    "take-omitted": () => this.#takeOmitted(),
    read: () => this.#reader.read(),
    "read-pushed": () => this.#reader.push(),
    leave: () => this.#ports.protocol.link.leave(),
    "ask-leader": () => this.#ports.protocol.hint("r").catch(() => {}),
    confirm: ({ tick }) => this.#confirm(tick),
    "report-failure": ({ failure, inMs }) => this.#ports.subscribers.failed(failure, { inMs }),
    "report-schedule": ({ inMs }) => this.#ports.subscribers.scheduled(inMs),
    lead: ({ lead }) => this.#poller.lead(lead),
    "poll-directly": () => this.#pollDirectly(),
  };

  /** Opens or reopens the origin's stream. */
  #follow(): void {
    const { clock, diagnostics, origin, random } = this.#ports;
    this.#unfollow();
    // Polling continues at its own pace, whether or not a poll needs a request.
    const listener = {
      up() {},
      down() {},
      changed: (news: "fetch" | "payloads"): void => {
        // The response to a request in flight would be older than the stream's payloads.
        const isAsked = news === "payloads" && this.#poller.askAgain();
        if (!isAsked) this.#dispatch({ kind: "wished" });
      },
    };
    const unfollow = origin.follow?.(listener, { clock, diagnostics, random });
    this.#unfollow = () => {
      this.#unfollow = () => {};
      unfollow?.();
    };
  }

  #confirm(tick: Tick): void {
    const { subscribers } = this.#ports;
    const { content, lastReplyMs } = this.state;
    this.state.adopt(tick.revision);
    if (tick.okAgeMs === null || content === null) return;
    const ageMs = tick.okAgeMs + lastReplyMs; // at most
    if (!this.state.noteAge(ageMs, lastReplyMs)) return;
    void subscribers.confirm(content.payloads, { ageMs });
    if (tick.overdueMs !== null) subscribers.scheduled(Math.max(0, -tick.overdueMs));
  }

  async #restore(): Promise<void> {
    const { content, revision } = this.state;
    if (content !== null && revision !== null) await this.#publisher.restore(content, revision);
    this.#dispatch({ kind: "restored" });
  }

  async #takeOmitted(): Promise<void> {
    await this.#poller.takeOmitted(this.state.missing);
    this.#dispatch({ kind: "omitted-taken" });
  }

  /** Polls for this process only, or joins the running poll. */
  async #pollDirectly(): Promise<DirectPoll> {
    this.#dispatch({ kind: "direct-poll-begun" });
    const poll = await this.#poller.direct();
    this.#dispatch({ kind: "direct-polled", failure: poll.failure });
    return poll;
  }

  /** Releases the lease. If that fails, the lease expires by itself. */
  async #giveUp(): Promise<void> {
    const wasHeld = await this.#release().catch(() => false);
    this.#dispatch({ kind: "released", wasHeld });
  }

  /** Releases the lease. Resolves to whether this worker held it. */
  async #release(): Promise<boolean> {
    const { diagnostics, protocol } = this.#ports;
    const isReleased = await protocol.release();
    if (isReleased) diagnostics.info("leader released");
    return isReleased;
  }
}
