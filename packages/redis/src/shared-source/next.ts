import type { Facts } from "@sortition/core/kit";
import { factsOf } from "../error-facts.js";
import { outOfMemory, RedisError } from "../errors/redis-error.js";
import type {
  Action,
  Decided,
  DirectReason,
  Handlers,
  Moment,
  PollEnd,
  TimerName,
  UnusableCause,
  WorkerEvent,
} from "./decisions.js";
import { delayMs } from "./delays.js";
import { backoffMs, failureOf } from "./polling/outcomes.js";
import { WANT, type Want } from "./protocol.js";
import { isUnstored, type Tick } from "./replies.js";

/** The leader polls on request if its last poll is at least this old. */
export const MIN_POLL_GAP_MS = 1_000;
/** After a lease was given back, the others tick within this time. */
const RELEASED_MS = 50;
/** Failures in a row after which the leader gives its lease back. */
const MAX_FAILURES = 3;
/** Followers restore only what the leader has not restored by then. */
const MIN_RESTORE_MS = 20;
const MAX_RESTORE_MS = 200;
/** A change that is older, and of which there was no message, counts as missed. */
const MISSED_AFTER_MS = 1_000;
/** Direct polls are an interval apart, and at most this share of it more. */
const DIRECT_SPREAD = 0.1;
/** The first direct poll of a process without a configuration is spread by at most this time. */
const MAX_EMPTY_SPREAD_MS = 500;
/**
 * The first direct poll after the leader could not store what it has is spread by this share of an interval: with the time
 * until the leader's poll, and a tick, a change arrives within two intervals.
 */
const UNSTORED_SPREAD = 0.5;

/** The decided state after an event, and what is to be done, in this order. */
export interface Next {
  readonly state: Decided;
  readonly actions: readonly Action[];
}

/**
 * All decisions of one worker: what it does when something happens. Reads no clock, draws nothing and changes nothing.
 *
 * @see docs/spec/redis.md §3
 */
export function next(state: Decided, event: WorkerEvent, at: Moment): Next {
  // After the end nothing is decided any more.
  if (state.role === "stopped") return { state, actions: [] };
  const step = new Step(state, at);
  step.take(event);
  return { state: step.state, actions: step.actions };
}

/** What the next tick asks for. */
export function wantOf(state: Decided, { held, nowMs, poll }: Moment): Want {
  if (poll === "leader") return WANT.renewClaim;
  if (poll === "direct" || nowMs < state.heldOffUntilMs) return WANT.nothing;
  return state.isPollWished || held.mustRepair ? WANT.pollNow : WANT.pollIfDue;
}

/** Whether this worker may take the lease. */
export function isEligible(state: Decided, { nowMs, settings }: Moment): boolean {
  return settings.isEligible && nowMs >= state.declinedUntilMs;
}

/** Whether this process polls by itself, or has to do without Redis. */
export function isDirect({ directReason, outageSinceMs }: Decided): boolean {
  return outageSinceMs !== null || directReason !== null;
}

/** Pause until the next tick. */
export function tickDelayMs(state: Decided, at: Moment): number {
  const { held, nowMs, poll, settings, u, uptimeMs } = at;
  const isOut = state.outageSinceMs !== null;
  const usualMs = delayMs(settings, {
    tick: isOut ? null : held.lastTick,
    isLeader: state.role === "leader",
    isPolling: poll === "leader",
    hasContent: held.content !== null,
    uptimeMs,
    u,
  });
  const heldOffMs = state.heldOffUntilMs - nowMs;
  return heldOffMs > 0 && !isOut ? Math.min(usualMs, heldOffMs) : usualMs;
}

type Changing = { -readonly [Name in keyof Decided]: Decided[Name] };

/** One call of {@link next}: a copy of the state that changes, and the actions so far. */
class Step {
  readonly state: Changing;
  readonly actions: Action[] = [];
  readonly #at: Moment;
  /** Whether the age of what the clients have is known. */
  #hasAge: boolean;

  constructor(state: Decided, at: Moment) {
    this.state = { ...state };
    this.#at = at;
    this.#hasAge = at.held.ageMs !== null;
  }

  take(event: WorkerEvent): void {
    // Each handler takes the events of its own kind.
    (this.#handlers[event.kind] as (event: WorkerEvent) => void)(event);
  }

  readonly #handlers: Handlers<WorkerEvent, "kind"> = {
    started: () => this.#beginOutage(),
    ticked: ({ isPlain, tick }) => this.#ticked(tick, isPlain),
    "tick-failed": ({ error }) => this.#tickFailed(error),
    disconnected: ({ error }) => this.#disconnected(error),
    message: ({ text }) => this.#heard(text),
    time: ({ timer }) => this.#timeIsUp(timer),
    wished: () => this.#wishPoll(),
    unwished: () => {
      this.state.isPollWished = false;
    },
    read: () => this.#noteUsable("reads"),
    applied: () => {
      this.#reviewOmitted();
      this.#tickWithin(0);
    },
    unreadable: () => this.#tickWithin(0),
    polled: ({ end }) => this.#polled(end),
    "direct-poll-begun": () => {
      this.#cancel("direct");
      this.state.lastDirectAtMs = this.#at.nowMs;
    },
    "direct-polled": ({ failure }) => this.#directPolled(failure),
    "omitted-taken": () => {
      // The origin may be further on than the fleet: once more after an interval, or at the next revision.
      if (this.#isMissing) this.#planOmitted(this.#at.settings.pollIntervalMs);
    },
    restored: () => this.#restored(),
    released: ({ wasHeld }) => {
      if (wasHeld && this.state.role === "leader") this.#stepDown("follower");
    },
    verified: ({ isGood }) => this.#verified(isGood),
    stopped: () => this.#stop(),
  };

  #ticked(tick: Tick, isPlain: boolean): void {
    this.#endOutage();
    this.#noteUsable("outage");
    this.state.isPlain = isPlain;
    this.actions.push({ do: "note-tick", tick });
    this.#say("debug", "tick", { revision: tick.revision, isLeader: tick.isHeld });
    if (this.#isForeign(tick)) return;
    if (tick.isHeld) this.#hold(tick.n);
    else this.#lose();
    const isConfirmed = this.#compare(tick);
    this.#reportFailure(tick);
    const isUnread = this.#isUnread(tick, isConfirmed);
    const isFull = this.#isFull(tick);
    if (!isUnread && !isFull) this.#setDirect(this.#directReason(tick));
    const isFollower = !isUnread && !isFull && this.state.directReason === null;
    if (!tick.isHeld) this.#stepDown(isFollower ? "follower" : "direct");
    if (tick.mustPoll) this.#startPoll(tick);
    else if (tick.isHeld && this.state.isPollWished) this.#pollLater(tick);
    if (tick.isHeld) this.#reviewDamage(tick);
  }

  // The lease. Its holder is the leader, which alone follows the origin's stream.

  #hold(n: string): void {
    const { hasStream, settings } = this.#at;
    this.actions.push({ do: "note-lease", n });
    if (hasStream && this.state.followed !== n) {
      // Another worker may have led meanwhile, and have published what has not reached this process yet.
      this.state.followed = n;
      this.actions.push({ do: "follow", n });
      // Else the stream would wait for the next poll: it is opened after the first attempt.
      this.#wishPoll();
    }
    if (this.state.role === "leader") return;
    this.state.role = "leader";
    this.#count("leaseAcquired");
    this.#say("info", "became leader", { namespace: settings.namespace.name, fence: n });
  }

  /** This worker does not hold the lease, or may not use it. Nothing happens if it did not lead. */
  #lose(): void {
    if (this.state.role !== "leader") return;
    this.#stepDown("follower");
    this.#count("leaseLost");
    this.#say("warn", "lease lost");
  }

  #stepDown(role: Exclude<Decided["role"], "leader">): void {
    this.state.role = role;
    if (this.state.followed === null) return;
    this.state.followed = null;
    this.actions.push({ do: "unfollow" });
  }

  /** Leaves the lease to others for two intervals. */
  #decline(): void {
    const { nowMs, settings } = this.#at;
    this.state.declinedUntilMs = nowMs + 2 * settings.pollIntervalMs;
  }

  /** Whether the namespace belongs to another origin. Then nothing is read or written. */
  #isForeign({ scope }: Tick): boolean {
    const { nowMs, settings, scope: own } = this.#at;
    const isOther = scope !== "" && scope !== own;
    // If Redis has lost it, its owner has this time to put it back.
    if (isOther) this.#decline();
    const isLost = scope === "" && this.state.hasConflict && nowMs < this.state.declinedUntilMs;
    const isForeign = isOther || isLost;
    if (isForeign && !this.state.hasConflict) {
      const code = "SORTITION_REDIS_NAMESPACE_CONFLICT";
      const message = "the namespace holds the configuration of another origin";
      this.actions.push({ do: "note-error", error: new RedisError(code, message) });
      const { name: namespace } = settings.namespace;
      this.#say("error", "namespace belongs to another source", { code, namespace });
    }
    this.state.hasConflict = isForeign;
    if (!isForeign) return false;
    this.#lose();
    this.#stepDown("direct");
    this.#setDirect("namespace-conflict");
    return true;
  }

  // What is stored, beside what the clients have.

  /** Reads, confirms or restores. Returns whether the clients have what is stored. */
  #compare(tick: Tick): boolean {
    const { content, revision: own, unusableRevision } = this.#at.held;
    const { revision, sha } = tick;
    if (revision === unusableRevision) return false;
    if (content === null) {
      if (revision !== 0) this.actions.push({ do: "read" });
      return false;
    }
    if (own === null) return revision !== 0 && this.#compareWithDirect(tick);
    if (revision < own) {
      if (!this.state.isPlain) this.#restoreSoon(tick);
      return false;
    }
    if (revision > own && sha !== content.sha) {
      this.#noteMissedPush(tick);
      this.actions.push({ do: "read" });
      return false;
    }
    // Another leader may have published the same bytes: no compile, no event.
    return this.#confirm(tick);
  }

  /**
   * The content was fetched directly, or is a copy from a disk. The origin may have gone back to what is stored, so the
   * younger of both counts, by durations.
   */
  #compareWithDirect(tick: Tick): boolean {
    const { held } = this.#at;
    if (tick.sha === held.content?.sha) return this.#confirm(tick);
    const storedAgeMs = tick.okAgeMs === null ? null : tick.okAgeMs + held.lastReplyMs;
    if (held.isOlderThan(storedAgeMs)) this.actions.push({ do: "read" });
    // The fleet has it if the leader could not store it: the next poll tries again.
    else if (!isUnstored(tick.outcome)) {
      if (this.state.role === "leader") this.#wishPoll();
      else this.actions.push({ do: "ask-leader" }); // again at the next tick
    }
    return false;
  }

  #confirm(tick: Tick): true {
    if (tick.okAgeMs !== null) this.#hasAge = true;
    this.actions.push({ do: "confirm", tick });
    return true;
  }

  #noteMissedPush({ revision, settledAgeMs }: Tick): void {
    const isLate = settledAgeMs !== null && settledAgeMs > MISSED_AFTER_MS;
    if (isLate && this.state.lastPushed < revision && this.#at.isSubscribed) {
      this.#count("missedPushes");
    }
  }

  /** Redis has lost what this worker has: it comes back with its old revision. */
  #restoreSoon(tick: Tick): void {
    const { isRestorePlanned, isRestoring } = this.state;
    if (isRestoring || (isRestorePlanned && !tick.isHeld)) return;
    if (tick.isHeld) {
      this.#restore(tick);
      return;
    }
    this.state.isRestorePlanned = true;
    const spreadMs = this.#at.u * (MAX_RESTORE_MS - MIN_RESTORE_MS);
    this.#set("restore", MIN_RESTORE_MS + spreadMs);
  }

  #restore(tick: Tick | null): void {
    const { content, revision } = this.#at.held;
    this.#cancel("restore");
    this.state.isRestorePlanned = false;
    // A later tick may have found it restored by another worker.
    const isLost = revision !== null && tick !== null && tick.revision < revision;
    if (content === null || !isLost) return;
    this.state.isRestoring = true;
    this.actions.push({ do: "restore" });
  }

  #restored(): void {
    this.state.isRestoring = false;
    this.#tickWithin(0);
    const { waitingPoll } = this.state;
    this.state.waitingPoll = null;
    if (waitingPoll !== null) this.actions.push({ do: "lead", lead: waitingPoll });
  }

  /** Tells the clients of a follower of the leader's failed polls, each once. */
  #reportFailure(tick: Tick): void {
    const { failures, isHeld, outcome, overdueMs, revision } = tick;
    const { content, unusableRevision } = this.#at.held;
    // What is stored comes first: a refused key must not end the wait of a client that is about to be ready.
    if (content === null && revision > 0 && revision !== unusableRevision) return;
    const isFailure = outcome !== "ok" && outcome !== "" && !isUnstored(outcome);
    const reported = isFailure ? `${outcome} ${failures}` : "";
    const isNew = reported !== this.state.reportedFailure;
    this.state.reportedFailure = reported;
    if (!isNew || !isFailure || isHeld) return;
    const inMs = Math.max(0, -(overdueMs ?? 0));
    const failure = failureOf(tick, inMs);
    this.actions.push({ do: "note-error", error: failure.error });
    this.actions.push({ do: "report-failure", failure, inMs });
  }

  // Damage of what is stored. The leader never reads what it wrote itself: a newcomer tells it by a message and by a
  // report in Redis, of which either is enough. Once per interval, so that no worker can make the leader read all the time.

  #reviewDamage({ damage, revision }: Tick): void {
    const { isDamageHinted, isVerifying, verifiedAtMs, verifiedReport } = this.state;
    const { nowMs, settings } = this.#at;
    const isReported = damage !== verifiedReport && damage.startsWith(`${revision}@`);
    if (!isReported && !isDamageHinted) return;
    if (isVerifying || nowMs - verifiedAtMs < settings.pollIntervalMs) return;
    this.state.isVerifying = true;
    this.state.verifiedAtMs = nowMs;
    this.state.verifiedReport = damage;
    this.state.isDamageHinted = false;
    this.actions.push({ do: "verify" });
  }

  #verified(isGood: boolean | null): void {
    this.state.isVerifying = false;
    if (isGood !== false) return;
    this.actions.push({ do: "note-damage" });
    this.#wishPoll();
  }

  // Polls for the fleet.

  /** Asks for a poll of the fleet: now, or as soon as the last one is old enough. */
  #wishPoll(): void {
    this.state.isPollWished = true;
    this.#tickWithin(0);
  }

  #startPoll({ failures, n }: Tick): void {
    this.state.isPollWished = false;
    this.state.heldOffUntilMs = 0;
    this.#cancel("wish");
    const lead = { n, failures };
    if (this.state.isRestoring) this.state.waitingPoll = lead;
    else this.actions.push({ do: "lead", lead });
  }

  /** The last poll is too young for another one. */
  #pollLater({ settledAgeMs }: Tick): void {
    const { nowMs, poll } = this.#at;
    if (poll !== null || nowMs < this.state.heldOffUntilMs || settledAgeMs === null) return;
    this.#set("wish", Math.max(0, MIN_POLL_GAP_MS - settledAgeMs));
  }

  #polled({ holdOffMs, isDue, isGood, isRecorded }: PollEnd): void {
    const { nowMs, settings } = this.#at;
    const { state } = this;
    if (holdOffMs > 0) state.heldOffUntilMs = nowMs + holdOffMs;
    if (isGood !== null) state.failedAttempts = isGood ? 0 : state.failedAttempts + 1;
    if (isGood === true && isRecorded !== null) {
      state.failedRecords = isRecorded ? 0 : state.failedRecords + 1;
    }
    if (Math.max(state.failedAttempts, state.failedRecords) >= MAX_FAILURES) {
      // Another host may have a way out.
      state.failedAttempts = 0;
      state.failedRecords = 0;
      this.#decline();
      this.actions.push({ do: "release" });
    }
    this.#reviewOmitted();
    // A tick that renews a long lease may come later than the next poll is due.
    this.#tickWithin(isDue || state.isPollWished ? 0 : settings.pollIntervalMs);
  }

  // Polls of this process alone, at most one per interval, while the fleet cannot serve it.

  /** Begins direct polls, continues them for another reason, or ends them (`null`). */
  #setDirect(reason: DirectReason | null): void {
    const former = this.state.directReason;
    this.state.directReason = reason;
    if (reason === null) {
      this.#cancel("direct");
      this.state.directFailures = 0;
    } else if (former === null) {
      this.#set("direct", this.#firstDirectMs(reason));
    }
  }

  /** All workers notice at the same moment, so their first polls are spread: less for a worker without a configuration. */
  #firstDirectMs(reason: DirectReason): number {
    const { nowMs, settings, u } = this.#at;
    const { pollIntervalMs } = settings;
    const { lastDirectAtMs } = this.state;
    const restMs =
      lastDirectAtMs === null ? 0 : Math.max(0, pollIntervalMs - (nowMs - lastDirectAtMs));
    const share = reason === "out-of-memory" ? UNSTORED_SPREAD : 1;
    const spreadMs = this.#hasAge
      ? share * pollIntervalMs
      : Math.min(MAX_EMPTY_SPREAD_MS, pollIntervalMs);
    return Math.max(restMs, u * spreadMs);
  }

  #directPolled(failure: Extract<WorkerEvent, { kind: "direct-polled" }>["failure"]): void {
    const { settings, u } = this.#at;
    const { pollIntervalMs } = settings;
    const { state } = this;
    state.directFailures = failure === null ? 0 : state.directFailures + 1;
    const pauseMs =
      failure === null
        ? pollIntervalMs
        : backoffMs(pollIntervalMs, state.directFailures - 1, failure.retryAfterMs);
    const inMs = Math.round(pauseMs * (1 + DIRECT_SPREAD * u));
    if (failure !== null) this.actions.push({ do: "report-failure", failure, inMs });
    if (state.directReason === null) return;
    this.#set("direct", inMs);
    if (failure === null) this.actions.push({ do: "report-schedule", inMs });
  }

  /** Why this process has to poll by itself although Redis answers; `null` if the fleet serves it. */
  #directReason(tick: Tick): DirectReason | null {
    const reason = this.#reasonOf(tick);
    const isOverdue = reason === "overdue";
    if (isOverdue && !this.state.isOverdueReported) {
      const { overdueMs } = tick;
      this.#say("warn", "nobody settles polls, polling directly", { overdueMs });
    }
    this.state.isOverdueReported = isOverdue;
    return reason;
  }

  #reasonOf(tick: Tick): DirectReason | null {
    const { held, settings } = this.#at;
    const { isHeld, outcome, overdueMs } = tick;
    const isLeaderless = this.#isLeaderless(tick);
    if (isHeld) return null;
    if (isLeaderless && (held.content === null || overdueMs === null)) return "no-eligible-worker";
    if (outcome === "too-large") return "too-large";
    if (held.content === null) return held.unusableRevision === null ? null : "payload-unusable";
    // Not the age of the configuration counts, but whether a worker polls: the shared back-off makes every
    // configuration old.
    return overdueMs !== null && overdueMs > settings.overdueAfterMs ? "overdue" : null;
  }

  /** Whether the lease has been free for a while. */
  #isLeaderless({ isHeld, leader }: Tick): boolean {
    const { nowMs, settings } = this.#at;
    const { state } = this;
    if (isHeld || leader !== "") {
      state.leaderlessSinceMs = null;
      state.isLeaderlessReported = false;
      return false;
    }
    const sinceMs = state.leaderlessSinceMs ?? nowMs;
    state.leaderlessSinceMs = sinceMs;
    const isLong = nowMs - sinceMs >= Math.max(settings.leaseMs, this.#directAfterMs);
    if (isLong && !state.isLeaderlessReported) {
      state.isLeaderlessReported = true;
      const namespace = settings.namespace.name;
      this.#say("warn", "no eligible worker", { namespace, ...this.#refusal(sinceMs) });
    }
    return isLong;
  }

  /** What Redis refused this worker since no worker leads, or shortly before: every worker may fail for that reason. */
  #refusal(leaderlessSinceMs: number): Facts {
    const { epochMs, held, nowMs, settings } = this.#at;
    const sinceMs = epochMs - (nowMs - leaderlessSinceMs) - settings.leaseMs;
    const { lastError } = held;
    if (lastError === null || lastError.atMs < sinceMs) return {};
    return { code: lastError.code, reason: lastError.message };
  }

  // Parts that are too large to be stored. A worker that lacks one makes an attempt of its own, at most one per interval,
  // and keeps its own copy until then. The leader has what it published.

  get #isMissing(): boolean {
    return this.state.role !== "leader" && this.#at.held.missing.size > 0;
  }

  #reviewOmitted(): void {
    if (!this.#isMissing) {
      this.#cancel("omitted");
      this.state.isOmittedPlanned = false;
    } else if (!this.state.isOmittedPlanned) {
      this.#planOmitted(this.#at.u * this.#at.settings.pollIntervalMs);
    }
  }

  #planOmitted(delayMs: number): void {
    this.state.isOmittedPlanned = true;
    this.#set("omitted", delayMs);
  }

  // Times in which Redis is of no use.

  #tickFailed(error: RedisError): void {
    const { nowMs, settings } = this.#at;
    this.#beginOutage();
    const { isOutageLong, outageSinceMs } = this.state;
    const outageMs = nowMs - (outageSinceMs ?? nowMs);
    // The lease has run out by then, and another worker may have it.
    if (isOutageLong || outageMs >= settings.leaseMs) this.#lose();
    if (!isOutageLong) return;
    this.#stepDown("direct");
    this.#doWithout("outage", error, outageMs);
  }

  #disconnected(error: RedisError): void {
    this.actions.push({ do: "note-redis-error", error });
    this.#beginOutage();
    // Until now nothing spoke against Redis.
    if (!this.state.hasFailed && !this.state.isOutageLong) this.#set("outage", this.#directAfterMs);
    this.state.hasFailed = true;
    this.#tickWithin(tickDelayMs(this.state, this.#at));
  }

  #beginOutage(): void {
    if (this.state.outageSinceMs !== null) return;
    this.state.outageSinceMs = this.#at.nowMs;
    this.#set("outage", this.#directAfterMs);
  }

  #endOutage(): void {
    this.#cancel("outage");
    this.state.outageSinceMs = null;
    this.state.isOutageLong = false;
  }

  /** Whether the configuration could not be read for a while, though Redis answers ticks: then it is of no use. */
  #isUnread({ isHeld, revision }: Tick, isConfirmed: boolean): boolean {
    const { held, nowMs, readFailure } = this.#at;
    if (isHeld || isConfirmed || revision <= (held.revision ?? 0)) {
      this.actions.push({ do: "forget-read-failure" });
      return false;
    }
    if (readFailure === null) return false;
    const failingMs = nowMs - readFailure.sinceMs;
    if (failingMs <= this.#directAfterMs) return false;
    this.#doWithout("reads", readFailure.error, failingMs);
    return true;
  }

  /** Whether the leader has something newer that Redis could not store. Every worker says so. */
  #isFull({ isHeld, outcome }: Tick): boolean {
    if (outcome !== "out-of-memory") {
      this.#noteUsable("memory");
      return false;
    }
    this.#doWithout("memory", outOfMemory(this.#at.place), 0, isHeld);
    return !isHeld;
  }

  /** Redis has been of no use for a while: this process polls by itself, or holds what it has. The leader polls anyway. */
  #doWithout(cause: UnusableCause, error: RedisError, forMs: number, isHeld = false): void {
    const { nowMs, settings } = this.#at;
    const holds = settings.whenRedisDown === "hold" && !isHeld;
    if (this.state.unusable?.cause !== cause) {
      this.state.unusable = { cause, sinceMs: nowMs - forMs };
      this.#say(
        "warn",
        `redis unusable, ${holds ? "holding" : "polling directly"}`,
        factsOf(error),
      );
      this.actions.push({ do: "note-error", error });
    }
    const reason = cause === "memory" ? "out-of-memory" : "redis-unusable";
    this.#setDirect(holds || isHeld ? null : reason);
  }

  #noteUsable(cause: UnusableCause): void {
    const { unusable } = this.state;
    if (unusable?.cause !== cause) return;
    this.state.unusable = null;
    const outageMs = Math.round(this.#at.nowMs - unusable.sinceMs);
    this.#say("warn", "redis reachable again", { outageMs });
  }

  /** A copy from disk that was never confirmed counts as no configuration. */
  get #directAfterMs(): number {
    const { directAfterMs, emptyDirectAfterMs } = this.#at.settings;
    return this.#hasAge ? directAfterMs : emptyDirectAfterMs;
  }

  // Messages, timers and the end.

  #heard(text: string): void {
    const [kind, value] = text.split(" ");
    const isLeader = this.state.role === "leader";
    if (kind === "c") this.#pushed(Number(value));
    else if (kind === "l") this.#tickWithin(this.#at.u * RELEASED_MS);
    else if (kind === "r" && isLeader) this.#wishPoll();
    else if (kind === "x" && isLeader) {
      this.state.isDamageHinted = true;
      this.#tickWithin(0); // the tick finds the report that belongs to it
    }
  }

  #pushed(revision: number): void {
    if (!(revision > (this.#at.held.revision ?? 0))) return;
    this.state.lastPushed = revision;
    this.#count("pushes");
    this.actions.push({ do: "read-pushed" });
  }

  #timeIsUp(timer: TimerName): void {
    if (timer === "restore") this.#restore(this.#at.held.lastTick);
    else if (timer === "direct") this.actions.push({ do: "poll-directly" });
    else if (timer === "omitted") {
      this.state.isOmittedPlanned = false;
      this.actions.push({ do: "take-omitted" });
    } else {
      if (timer === "outage") this.state.isOutageLong = true;
      this.#tickWithin(0);
    }
  }

  #stop(): void {
    this.#stepDown("stopped");
    for (const timer of ["outage", "wish", "direct", "restore", "omitted"] as const) {
      this.#cancel(timer);
    }
  }

  #tickWithin(withinMs: number): void {
    this.actions.push({ do: "tick", withinMs });
  }

  #set(timer: TimerName, delayMs: number): void {
    this.actions.push({ do: "set-timer", timer, delayMs });
  }

  #cancel(timer: TimerName): void {
    this.actions.push({ do: "cancel-timer", timer });
  }

  #count(what: Extract<Action, { do: "count" }>["what"]): void {
    this.actions.push({ do: "count", what });
  }

  #say(level: Extract<Action, { do: "say" }>["level"], message: string, facts?: Facts): void {
    this.actions.push({ do: "say", level, message, ...(facts === undefined ? {} : { facts }) });
  }
}
