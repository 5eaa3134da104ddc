import { type Failure, loadError, type RefreshOutcome } from "@sortition/core/kit";
import { type Content, contentOf, withPart } from "../../codec/content.js";
import { RedisError } from "../../errors/redis-error.js";
import { redisError } from "../../errors/reply-error.js";
import { closedOutcome } from "../closed-outcome.js";
import type { Publisher, PublishResult } from "../publisher.js";
import type { WorkerPorts, WorkerState } from "../worker-state.js";
import { type FailedAttempt, type GoodAttempt, OriginAttempts } from "./origin-attempts.js";
import { backoffMs, outcomeOf } from "./outcomes.js";

export interface PollerHooks {
  /**
   * A poll has ended.
   *
   * @param isDue - a tick is due at once: the poll was fenced, or held up one for the fleet.
   */
  ended(isDue: boolean): void;
  /** Polls or publishes of this worker keep failing: another one may do better. */
  giveUp(): void;
}

export interface DirectPoll {
  readonly outcome: RefreshOutcome;
  /** `null`: it has succeeded. */
  readonly failure: Failure | null;
}

/** A poll that runs. */
interface Running {
  readonly kind: "leader" | "direct";
  readonly done: Promise<RefreshOutcome>;
}

const MAX_FAILURES = 3;
const NOTHING_NEW: RefreshOutcome = { outcome: "unchanged" };

/** Polls the origin, for the fleet or directly. One poll at a time. */
export class Poller {
  readonly #ports: WorkerPorts;
  readonly #state: WorkerState;
  readonly #hooks: PollerHooks;
  readonly #publisher: Publisher;
  readonly #attempts: OriginAttempts;
  #running: Running | null = null;
  #latest: Promise<RefreshOutcome> | null = null;
  #lastOutcome: RefreshOutcome = NOTHING_NEW;
  #failures = 0;
  #publishFailures = 0;
  /** Before this moment of the monotonic clock the leader does not poll again. */
  #heldOffUntilMs = 0;

  constructor(ports: WorkerPorts, state: WorkerState, publisher: Publisher, hooks: PollerHooks) {
    this.#ports = ports;
    this.#state = state;
    this.#hooks = hooks;
    this.#publisher = publisher;
    this.#attempts = new OriginAttempts(ports, state);
  }

  /** A poll for the fleet runs: its claim is to be renewed. */
  get isLeading(): boolean {
    return this.#running?.kind === "leader";
  }

  /** No poll for the fleet may be asked for: a direct one runs, or the last could not be recorded. */
  get isHeldOff(): boolean {
    return this.#running !== null || this.heldOffMs > 0;
  }

  /** How long the poller paces itself; 0 if Redis does. */
  get heldOffMs(): number {
    return Math.max(0, this.#heldOffUntilMs - this.#ports.clock.monotonicMs());
  }

  /** The poll that runs, `null` without one. */
  get running(): Promise<RefreshOutcome> | null {
    return this.#running?.done ?? null;
  }

  /** The poll that began last: another one once the next begins. */
  get latest(): Promise<RefreshOutcome> | null {
    return this.#latest;
  }

  /** The poll that runs, if what it brings is still on its way; that of one which was answered may be old. */
  get unanswered(): Promise<RefreshOutcome> | null {
    return this.#attempts.isAsking ? this.running : null;
  }

  /** How a refresh ends that may not poll now. */
  get lastOutcome(): RefreshOutcome {
    return this.#lastOutcome.outcome === "failed" ? this.#lastOutcome : NOTHING_NEW;
  }

  /**
   * Polls for the fleet.
   *
   * @param n - number of the lease at this moment: if it is another one when the poll has ended, the poll
   *   does not count.
   * @param failures - those of the fleet before this poll.
   */
  lead(n: string, failures: number): void {
    if (this.#running !== null || this.#state.isStopped) return;
    this.#heldOffUntilMs = 0;
    void this.#run("leader", () => this.#lead(n, failures));
  }

  /** Polls for this process alone, or joins the poll that runs. */
  async direct(): Promise<DirectPoll> {
    const running = this.#running;
    if (running !== null) return { outcome: await running.done, failure: null };
    let failure: Failure | null = null;
    const outcome = await this.#run("direct", async () => {
      const result = await this.#direct();
      failure = result.failure;
      return result.outcome;
    });
    return { outcome, failure };
  }

  /**
   * One attempt of this process at the origin for parts that are too large to be stored. They are taken only if
   * they have the hash that the fleet knows: the origin may be further on.
   */
  async takeOmitted(wanted: ReadonlyMap<string, string>): Promise<void> {
    const held = this.#state.content;
    if (held === null || this.#running !== null) return;
    await this.#run("direct", () => this.#takeOmitted(held, wanted));
  }

  /**
   * The origin has something newer than what a poll waits for: it asks again.
   *
   * @returns `false` if none waits for an answer.
   */
  askAgain(): boolean {
    return this.#attempts.askAgain();
  }

  /** Aborts a fetch. A settle that runs goes on: see {@link running}. */
  stop(): void {
    this.#attempts.stop();
  }

  #run(kind: Running["kind"], poll: () => Promise<RefreshOutcome>): Promise<RefreshOutcome> {
    const done = poll()
      .catch(this.#thrown)
      .then((outcome) => {
        this.#running = null;
        this.#lastOutcome = outcome;
        const isFenced = outcome.outcome === "failed" && outcome.error instanceof RedisError;
        this.#hooks.ended(isFenced || kind === "direct");
        return outcome;
      });
    this.#running = { kind, done };
    this.#latest = done;
    return done;
  }

  /** Nothing here throws but code of the caller, such as a digest. It must not be called in a loop. */
  readonly #thrown = (cause: unknown): RefreshOutcome => {
    const error = loadError(cause);
    const { clock, settings } = this.#ports;
    this.#heldOffUntilMs = clock.monotonicMs() + settings.pollIntervalMs;
    this.#state.noteError(error);
    return { outcome: "failed", error };
  };

  async #lead(n: string, formerFailures: number): Promise<RefreshOutcome> {
    const { clock, settings } = this.#ports;
    const startedAtMs = clock.monotonicMs();
    const attemptMs = (): number => clock.monotonicMs() - startedAtMs;
    const held = this.#state.content;
    const attempt = await this.#attempts.attempt(held);
    if (this.#state.isStopped) return closedOutcome();
    // Found out while the attempt ran.
    if (this.#state.hasConflict) return this.#keepForItself(attempt, attemptMs(), held);
    if (attempt.kind === "failed")
      return this.#settleFailure(n, attempt, formerFailures + 1, attemptMs());
    this.#failures = 0;
    const gateMs = settings.pollIntervalMs;
    const result = await this.#publisher.publish(attempt.content, {
      ...{ n, gateMs },
      // The way to Redis counts too, as far as it is known.
      attemptMs: () => attemptMs() + this.#state.lastReplyMs,
    });
    if (this.#state.isStopped) return closedOutcome();
    return this.#conclude(attempt, result, attemptMs(), held);
  }

  /** Ends an attempt for the fleet without a word to Redis. */
  #keepForItself(
    attempt: GoodAttempt | FailedAttempt,
    attemptMs: number,
    held: Content | null,
  ): RefreshOutcome {
    if (attempt.kind === "failed") return { outcome: "failed", error: attempt.failure.error };
    return this.#state.content === held ? this.#apply(attempt, null, attemptMs) : NOTHING_NEW;
  }

  /** Swaps in what was published, or could not be. */
  #conclude(
    attempt: GoodAttempt,
    result: PublishResult,
    attemptMs: number,
    held: Content | null,
  ): RefreshOutcome {
    if (result.kind === "fenced") return this.#discard();
    const { clock, settings } = this.#ports;
    const state = this.#state;
    if (result.kind === "failed") {
      state.noteRedisError(result.error);
      this.#publishFailures += 1;
      this.#heldOffUntilMs = clock.monotonicMs() + settings.pollIntervalMs;
      if (this.#publishFailures >= MAX_FAILURES) this.#giveUp();
    } else {
      this.#publishFailures = 0;
    }
    if (result.kind === "failed" || result.kind === "too-large") {
      // A reader has swapped in something newer meanwhile.
      if (state.content !== held) return NOTHING_NEW;
      // What could not be published is used all the same, without a revision: the clients of this process
      // must not be the only ones that go stale.
      return this.#apply(attempt, attempt.kind === "same" ? state.revision : null, attemptMs);
    }
    const outcome = this.#apply(attempt, result.revision, attemptMs);
    this.#notePublished(result);
    this.#ports.subscribers.scheduled(settings.pollIntervalMs);
    return outcome;
  }

  #notePublished(result: Extract<PublishResult, { kind: "same" | "published" }>): void {
    const { counters, diagnostics } = this.#ports;
    const state = this.#state;
    const { omitted, revision } = result;
    state.unusableRevision = null;
    state.omitted = omitted;
    if (result.kind === "same") {
      diagnostics.debug("configuration unchanged", { revision });
      return;
    }
    const { fence, receivers, sizeBytes } = result;
    state.contentFence = fence;
    state.mustRepair = false;
    counters.publishes += 1;
    diagnostics.info("configuration published", { revision, receivers, sizeBytes });
  }

  /** Another worker has led since this poll began: its configuration may be newer. */
  #discard(): RefreshOutcome {
    const error = new RedisError("SORTITION_REDIS_FENCED", "another process polls by now");
    this.#ports.counters.fenced += 1;
    this.#state.noteError(error);
    this.#ports.diagnostics.warn("write fenced", { code: error.code });
    return { outcome: "failed", error };
  }

  #apply(attempt: GoodAttempt, revision: number | null, attemptMs: number): RefreshOutcome {
    const { subscribers, counters } = this.#ports;
    const state = this.#state;
    const { content, prepared } = attempt;
    if (prepared !== null) {
      state.noteAttempt();
      state.install(content, revision, attemptMs);
      const isUpdate = prepared.apply({ ageMs: attemptMs });
      counters.polls[isUpdate ? "ok" : "unchanged"] += 1;
      return { outcome: isUpdate ? "updated" : "unchanged" };
    }
    counters.polls.unchanged += 1;
    // A reader may have swapped in something else while the attempt ran.
    if (state.content?.sha === content.sha) {
      state.noteAttempt();
      state.adopt(revision ?? state.revision);
      state.noteAge(attemptMs);
      void subscribers.confirm(content.payloads, { ageMs: attemptMs });
    }
    return NOTHING_NEW;
  }

  async #settleFailure(
    n: string,
    { failure, status }: FailedAttempt,
    failures: number,
    attemptMs: number,
  ): Promise<RefreshOutcome> {
    const { subscribers, clock, counters, protocol, settings } = this.#ports;
    const state = this.#state;
    const gateMs = backoffMs(settings.pollIntervalMs, failures, failure.retryAfterMs);
    const known = outcomeOf(failure);
    this.#failures += 1;
    counters.polls.error += 1;
    try {
      const reply = await protocol.settle({
        n,
        sha: state.content?.sha ?? "",
        known: state.known,
        outcome: known.outcome,
        status: status ?? known.status,
        failures,
        gateMs,
        attemptMs,
        isRepair: false,
        publication: { hashes: new Map(), fields: [] },
      });
      if (reply.kind === "fenced") counters.fenced += 1;
    } catch (cause) {
      state.noteRedisError(redisError(cause));
      this.#heldOffUntilMs = clock.monotonicMs() + gateMs;
    }
    if (state.isStopped) return closedOutcome();
    state.noteError(failure.error);
    subscribers.failed(failure, { inMs: gateMs });
    if (this.#failures >= MAX_FAILURES) this.#giveUp();
    return { outcome: "failed", error: failure.error };
  }

  #giveUp(): void {
    this.#failures = 0;
    this.#publishFailures = 0;
    this.#hooks.giveUp();
  }

  async #direct(): Promise<DirectPoll> {
    const { clock, counters } = this.#ports;
    const state = this.#state;
    const startedAtMs = clock.monotonicMs();
    const held = state.content;
    counters.directPolls += 1;
    const attempt = await this.#attempts.attempt(held);
    if (state.isStopped) return { outcome: closedOutcome(), failure: null };
    if (attempt.kind === "failed") {
      const { failure } = attempt;
      counters.polls.error += 1;
      state.noteError(failure.error);
      return { outcome: { outcome: "failed", error: failure.error }, failure };
    }
    // Redis was back before the answer: what it has may be newer. The next tick compares.
    if (state.content !== held) return { outcome: NOTHING_NEW, failure: null };
    const revision = attempt.content.sha === held?.sha ? state.revision : null;
    const outcome = this.#apply(attempt, revision, clock.monotonicMs() - startedAtMs);
    return { outcome, failure: null };
  }

  async #takeOmitted(held: Content, wanted: ReadonlyMap<string, string>): Promise<RefreshOutcome> {
    const { subscribers, counters, digest } = this.#ports;
    const state = this.#state;
    counters.directPolls += 1;
    const result = await this.#attempts.fetch(held.payloads);
    if (result.kind !== "payloads") return NOTHING_NEW;
    const fetched = await contentOf(result.payloads, digest);
    let { payloads } = held;
    for (const [part, hash] of wanted) {
      const payload = fetched.payloads.find((it) => it.part === part);
      const isNamed = payload !== undefined && fetched.hashes.get(part) === hash;
      if (isNamed) payloads = withPart(payloads, payload);
    }
    if (payloads === held.payloads) return NOTHING_NEW;
    const content = await contentOf(payloads, digest);
    const prepared = await subscribers.prepare(payloads);
    const isLate = state.isStopped || state.content !== held;
    if (isLate || prepared.outcome === "rejected") return NOTHING_NEW;
    // The rest is as old as it was.
    const ageMs = state.ageMs ?? 0;
    state.install(content, state.revision, ageMs);
    prepared.apply({ ageMs });
    return { outcome: "updated" };
  }
}
