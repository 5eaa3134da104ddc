import {
  type Failure,
  loadError,
  momentAgo,
  msSince,
  type RefreshOutcome,
} from "@sortition/core/internal";
import { type Content, contentOf, withPart } from "../../codec/content.js";
import { RedisError } from "../../errors/redis-error.js";
import { redisError } from "../../errors/reply-error.js";
import { closedOutcome } from "../closed-outcome.js";
import type { Lead, PollEnd } from "../decisions/transition.js";
import type { Publisher, PublishResult } from "../publisher.js";
import type { WorkerPorts, WorkerState } from "../worker-state.js";
import { type FailedAttempt, type GoodAttempt, OriginAttempts } from "./origin-attempts.js";
import { backoffMs, handOverAfter, outcomeOf } from "./outcomes.js";

export interface DirectPoll {
  readonly outcome: RefreshOutcome;
  /** `null` after success. */
  readonly failure: Failure | null;
}

/** A running poll. */
interface Running {
  readonly kind: "leader" | "direct";
  readonly done: Promise<RefreshOutcome>;
}

/** The end of a running poll, filled in as it becomes known. */
type Ending = { -readonly [Name in keyof PollEnd]: PollEnd[Name] };

const NOTHING_NEW: RefreshOutcome = { outcome: "unchanged" };

/** Polls the origin for the fleet, or directly for this process. Runs one poll at a time. */
export class Poller {
  readonly #ports: WorkerPorts;
  readonly #state: WorkerState;
  readonly #onEnd: (end: PollEnd) => void;
  readonly #publisher: Publisher;
  readonly #attempts: OriginAttempts;
  #running: Running | null = null;
  #latest: Promise<RefreshOutcome> | null = null;
  #lastOutcome: RefreshOutcome = NOTHING_NEW;

  /** @param onEnd - called when a poll has ended. */
  constructor(
    ports: WorkerPorts,
    state: WorkerState,
    publisher: Publisher,
    onEnd: (end: PollEnd) => void,
  ) {
    this.#ports = ports;
    this.#state = state;
    this.#onEnd = onEnd;
    this.#publisher = publisher;
    this.#attempts = new OriginAttempts(ports, state);
  }

  /** Kind of the running poll, or `null`. */
  get kind(): Running["kind"] | null {
    return this.#running?.kind ?? null;
  }

  /** The running poll, or `null`. */
  get running(): Promise<RefreshOutcome> | null {
    return this.#running?.done ?? null;
  }

  /** The poll that started last. Replaced when the next one starts. */
  get latest(): Promise<RefreshOutcome> | null {
    return this.#latest;
  }

  /** The running poll, if the origin has not responded yet. A response that is being stored may already be outdated. */
  get unanswered(): Promise<RefreshOutcome> | null {
    return this.#attempts.isAsking ? this.running : null;
  }

  /** Outcome of a refresh that may not poll now. */
  get lastOutcome(): RefreshOutcome {
    return this.#lastOutcome.outcome === "failed" ? this.#lastOutcome : NOTHING_NEW;
  }

  /** Polls for the fleet. */
  lead(lead: Lead): void {
    if (this.#running !== null || this.#state.isStopped) return;
    void this.#run("leader", (end) => this.#lead(lead, end));
  }

  /** Polls for this process only, or joins the running poll. */
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
   * Requests the parts that are too large to be stored from the origin, once. They are only used if they have the hash
   * that the fleet knows, because the origin may be ahead.
   */
  async takeOmitted(wanted: ReadonlyMap<string, string>): Promise<void> {
    const held = this.#state.content;
    if (held === null || this.#running !== null) return;
    await this.#run("direct", () => this.#takeOmitted(held, wanted));
  }

  /**
   * Makes the running poll repeat its request, because the origin has newer data than the awaited response.
   *
   * @returns `false` if no poll awaits a response.
   */
  askAgain(): boolean {
    return this.#attempts.askAgain();
  }

  /** Aborts a fetch. A running settle continues, see {@link running}. */
  stop(): void {
    this.#attempts.stop();
  }

  #run(
    kind: Running["kind"],
    poll: (end: Ending) => Promise<RefreshOutcome>,
  ): Promise<RefreshOutcome> {
    const end: Ending = {
      isGood: null,
      handsOver: false,
      isRecorded: null,
      holdOffMs: 0,
      isDue: kind === "direct",
    };
    const done = poll(end)
      .catch((cause) => this.#thrown(cause, end))
      .then((outcome) => {
        this.#running = null;
        this.#lastOutcome = outcome;
        this.#onEnd(end);
        return outcome;
      });
    this.#running = { kind, done };
    this.#latest = done;
    return done;
  }

  /** Only the caller's code, such as a digest, can throw here. It must not be called in a loop. */
  #thrown(cause: unknown, end: Ending): RefreshOutcome {
    const error = loadError(cause);
    end.holdOffMs = this.#ports.settings.pollIntervalMs;
    this.#state.noteError(error);
    return { outcome: "failed", error };
  }

  async #lead(lead: Lead, end: Ending): Promise<RefreshOutcome> {
    const { n } = lead;
    const { clock, settings } = this.#ports;
    const startedAt = momentAgo(clock);
    const attemptMs = (): number => msSince(startedAt, clock);
    const held = this.#state.content;
    const attempt = await this.#attempts.attempt(held);
    if (this.#state.isStopped) return closedOutcome();
    // Detected while the attempt ran.
    if (this.#state.hasConflict) return this.#keepForItself(attempt, attemptMs(), held);
    end.isGood = attempt.kind !== "failed";
    if (attempt.kind === "failed") {
      return this.#settleFailure(lead, attempt, attemptMs(), end);
    }
    const gateMs = settings.pollIntervalMs;
    const result = await this.#publisher.publish(attempt.content, {
      ...{ n, gateMs },
      // Includes the round trip to Redis, as far as it is known.
      attemptMs: () => attemptMs() + this.#state.lastReplyMs,
    });
    if (this.#state.isStopped) return closedOutcome();
    if (result.kind === "fenced") return this.#discard(end);
    end.isRecorded = result.kind !== "failed";
    if (!end.isRecorded) end.holdOffMs = gateMs;
    return this.#conclude(attempt, result, attemptMs(), held);
  }

  /** Ends an attempt for the fleet without telling Redis. */
  #keepForItself(
    attempt: GoodAttempt | FailedAttempt,
    attemptMs: number,
    held: Content | null,
  ): RefreshOutcome {
    if (attempt.kind === "failed") return { outcome: "failed", error: attempt.failure.error };
    return this.#state.content === held ? this.#apply(attempt, null, attemptMs) : NOTHING_NEW;
  }

  /** Swaps in the content of a good attempt, whether or not Redis has stored it. */
  #conclude(
    attempt: GoodAttempt,
    result: Exclude<PublishResult, { kind: "fenced" }>,
    attemptMs: number,
    held: Content | null,
  ): RefreshOutcome {
    const { settings, subscribers } = this.#ports;
    const state = this.#state;
    if (result.kind === "failed") state.noteRedisError(result.error);
    if (result.kind !== "same" && result.kind !== "published") {
      // A reader has swapped in something newer in the meantime.
      if (state.content !== held) return NOTHING_NEW;
      // Use the content without a revision if it could not be published. Otherwise only the clients of this
      // process would become stale.
      return this.#apply(attempt, attempt.kind === "same" ? state.revision : null, attemptMs);
    }
    const outcome = this.#apply(attempt, result.revision, attemptMs);
    this.#notePublished(result);
    subscribers.scheduled(settings.pollIntervalMs);
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

  /** Discards the result, because another worker has led since this poll started and may have published a newer one. */
  #discard(end: Ending): RefreshOutcome {
    end.isDue = true;
    const error = new RedisError(
      "SORTITION_REDIS_FENCED",
      "another process has taken over polling",
    );
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
    // A reader may have swapped in other content while the attempt ran.
    if (state.content?.sha === content.sha) {
      state.noteAttempt();
      state.adopt(revision ?? state.revision);
      state.noteAge(attemptMs);
      void subscribers.confirm(content.payloads, { ageMs: attemptMs });
    }
    return NOTHING_NEW;
  }

  async #settleFailure(
    { failures, n, ownFailures }: Lead,
    { failure, status }: FailedAttempt,
    attemptMs: number,
    end: Ending,
  ): Promise<RefreshOutcome> {
    const { subscribers, counters, protocol, settings } = this.#ports;
    const state = this.#state;
    // If no other worker has failed, the problem may be local, and this backoff must not delay others.
    const handOverAt = failures > ownFailures ? null : handOverAfter(failure);
    const isOwn = handOverAt !== null;
    end.handsOver = isOwn && ownFailures + 1 >= handOverAt;
    const { pollIntervalMs } = settings;
    const gateMs =
      isOwn && !end.handsOver
        ? pollIntervalMs / 2
        : backoffMs(pollIntervalMs, failures + 1, failure.retryAfterMs);
    const known = outcomeOf(failure);
    counters.polls.error += 1;
    try {
      const reply = await protocol.settle({
        n,
        sha: state.content?.sha ?? "",
        known: state.known,
        outcome: known.outcome,
        status: status ?? known.status,
        failures: failures + 1,
        gateMs,
        isGateOwn: isOwn,
        attemptMs,
        isRepair: false,
        publication: { hashes: new Map(), fields: [] },
      });
      if (reply.kind === "fenced") counters.fenced += 1;
    } catch (cause) {
      state.noteRedisError(redisError(cause));
      end.holdOffMs = gateMs;
    }
    if (state.isStopped) return closedOutcome();
    state.noteError(failure.error);
    subscribers.failed(failure, { inMs: gateMs });
    return { outcome: "failed", error: failure.error };
  }

  async #direct(): Promise<DirectPoll> {
    const { clock, counters } = this.#ports;
    const state = this.#state;
    const startedAt = momentAgo(clock);
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
    // Redis recovered before the response and may have newer content. The next tick compares them.
    if (state.content !== held) return { outcome: NOTHING_NEW, failure: null };
    const revision = attempt.content.sha === held?.sha ? state.revision : null;
    const outcome = this.#apply(attempt, revision, msSince(startedAt, clock));
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
    // The other parts keep their age.
    const ageMs = state.ageMs ?? 0;
    state.install(content, state.revision, ageMs);
    prepared.apply({ ageMs });
    return { outcome: "updated" };
  }
}
