import {
  ClosedError,
  type Failure,
  type FetchResult,
  HttpStatusError,
  messageOf,
  NetworkError,
  type PayloadSet,
  type RefreshOutcome,
  SortitionError,
} from "@sortition/core/source";
import { type Content, contentOf, withPart } from "../codec/content.js";
import { RedisError } from "../errors/redis-error.js";
import { redisError } from "../errors/reply-error.js";
import type { PreparedAll } from "./audience.js";
import { backoffMs, outcomeOf } from "./outcomes.js";
import type { PollOutcome } from "./protocol.js";
import { Publisher, type PublishResult } from "./publisher.js";
import type { WorkerPorts, WorkerState } from "./worker-state.js";

/** Hooks of a {@link Poller}. */
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

/** How a look ended, before anything was swapped in. */
type Look =
  | {
      readonly kind: "same" | "new";
      readonly content: Content;
      readonly prepared: PreparedAll | null;
    }
  | { readonly kind: "failed"; readonly failure: Failure; readonly status?: number };

/** Result of a direct poll. */
export interface DirectPoll {
  readonly outcome: RefreshOutcome;
  /** `null`: it has succeeded. */
  readonly failure: Failure | null;
}

const MAX_FAILURES = 3;

/** Polls the origin, for the fleet or directly. One poll at a time. */
export class Poller {
  readonly #ports: WorkerPorts;
  readonly #state: WorkerState;
  readonly #hooks: PollerHooks;
  readonly #publisher: Publisher;
  #running: { readonly kind: "leader" | "direct"; readonly done: Promise<RefreshOutcome> } | null =
    null;
  #controller = new AbortController();
  #failures = 0;
  #publishFailures = 0;
  #rejectedSha: string | null = null;
  #rejection: SortitionError | null = null;
  #lastOutcome: RefreshOutcome = { outcome: "unchanged" };
  /** Before this moment of the monotonic clock the leader does not poll again. */
  #heldOffUntilMs = 0;

  constructor(ports: WorkerPorts, state: WorkerState, hooks: PollerHooks) {
    this.#ports = ports;
    this.#state = state;
    this.#hooks = hooks;
    this.#publisher = new Publisher(ports, state);
  }

  /** A poll for the fleet runs: its claim is to be renewed. */
  get isLeading(): boolean {
    return this.#running?.kind === "leader";
  }

  /** No poll for the fleet may be asked for: a direct one runs, or the last could not be recorded. */
  get isHeldOff(): boolean {
    return this.#running !== null || this.#ports.clock.monotonicMs() < this.#heldOffUntilMs;
  }

  /** How a refresh ends that needs no poll, since the last one is less than a second old. */
  get lastOutcome(): RefreshOutcome {
    return this.#lastOutcome.outcome === "failed" ? this.#lastOutcome : { outcome: "unchanged" };
  }

  /** How long the poller paces itself; 0 if Redis does. */
  get heldOffMs(): number {
    return Math.max(0, this.#heldOffUntilMs - this.#ports.clock.monotonicMs());
  }

  /** The poll that runs, `null` without one. */
  get running(): Promise<RefreshOutcome> | null {
    return this.#running?.done ?? null;
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
    const done = this.#lead(n, failures).then((outcome) => {
      this.#running = null;
      this.#lastOutcome = outcome;
      const isFenced = outcome.outcome === "failed" && outcome.error instanceof RedisError;
      this.#hooks.ended(isFenced);
      return outcome;
    });
    this.#running = { kind: "leader", done };
  }

  /** Polls for this process alone, or joins the poll that runs. */
  async direct(): Promise<DirectPoll> {
    const running = this.#running;
    if (running !== null) return { outcome: await running.done, failure: null };
    let failure: Failure | null = null;
    const done = this.#direct()
      .then((result) => {
        failure = result.failure;
        return result.outcome;
      })
      .finally(() => {
        this.#running = null;
        this.#hooks.ended(true);
      });
    this.#running = { kind: "direct", done };
    return { outcome: await done, failure };
  }

  /**
   * One look of this process at the origin for parts that are too large to be stored. They are taken only if
   * they have the hash that the fleet knows: the origin may be further on.
   */
  async takeOmitted(wanted: ReadonlyMap<string, string>): Promise<void> {
    const held = this.#state.content;
    if (held === null || this.#running !== null) return;
    const done = this.#takeOmitted(held, wanted).finally(() => {
      this.#running = null;
      this.#hooks.ended(true);
    });
    this.#running = { kind: "direct", done };
    await done;
  }

  /** Aborts a fetch. A settle that runs goes on: see {@link running}. */
  stop(): void {
    this.#controller.abort();
    this.#ports.origin.release?.();
  }

  async #lead(n: string, formerFailures: number): Promise<RefreshOutcome> {
    const { clock, counters, settings } = this.#ports;
    const startedAtMs = clock.monotonicMs();
    const lookMs = (): number => clock.monotonicMs() - startedAtMs;
    const held = this.#state.content;
    const look = await this.#look(held);
    if (this.#state.isStopped) return closed();
    if (look.kind === "failed") {
      counters.polls.error += 1;
      return this.#settleFailure(n, look.failure, formerFailures + 1, lookMs(), look.status);
    }
    this.#failures = 0;
    const { content } = look;
    const result = await this.#publisher.publish(content, {
      n,
      gateMs: settings.pollIntervalMs,
      lookMs,
    });
    if (this.#state.isStopped && result.kind !== "fenced") return closed();
    return this.#conclude(look, result, lookMs(), held);
  }

  /** Swaps in what was published, or could not be. */
  #conclude(
    look: Extract<Look, { kind: "same" | "new" }>,
    result: PublishResult,
    lookMs: number,
    held: Content | null,
  ): RefreshOutcome {
    const { counters, diagnostics, settings } = this.#ports;
    const state = this.#state;
    if (result.kind === "fenced") {
      const error = new RedisError("SORTITION_REDIS_FENCED", "another process polls by now");
      counters.fenced += 1;
      state.noteError(error);
      diagnostics.warn("write fenced", { code: error.code });
      return { outcome: "failed", error };
    }
    if (result.kind === "failed") {
      // What could not be published is used all the same: the clients of this process must not be the only
      // ones that go stale. It has no revision.
      this.#publishFailures += 1;
      this.#heldOffUntilMs = this.#ports.clock.monotonicMs() + settings.pollIntervalMs;
      state.noteRedisError(result.error);
      if (this.#publishFailures >= MAX_FAILURES) this.#giveUp();
      // A reader has swapped in something newer meanwhile.
      if (state.content !== held) return { outcome: "unchanged" };
      return this.#apply(look, look.kind === "same" ? state.revision : null, lookMs);
    }
    this.#publishFailures = 0;
    if (result.kind === "too-large") {
      return state.content === held ? this.#apply(look, null, lookMs) : { outcome: "unchanged" };
    }
    const { revision } = result;
    state.unusableRevision = null;
    const outcome = this.#apply(look, revision, lookMs);
    state.omitted = result.omitted;
    if (result.kind === "same") {
      diagnostics.debug("configuration unchanged", { revision });
    } else {
      state.contentFence = result.fence;
      state.mustRepair = false;
      counters.publishes += 1;
      const { receivers, sizeBytes } = result;
      diagnostics.info("configuration published", { revision, receivers, sizeBytes });
    }
    this.#ports.audience.schedule(settings.pollIntervalMs);
    return outcome;
  }

  #apply(
    look: Extract<Look, { kind: "same" | "new" }>,
    revision: number | null,
    lookMs: number,
  ): RefreshOutcome {
    const { audience, counters } = this.#ports;
    const state = this.#state;
    const { content, prepared } = look;
    if (prepared?.outcome === "prepared") {
      state.install(content, revision, lookMs);
      const isUpdate = prepared.apply({ ageMs: lookMs });
      counters.polls[isUpdate ? "ok" : "unchanged"] += 1;
      return { outcome: isUpdate ? "updated" : "unchanged" };
    }
    // A reader may have swapped in something else while the look ran.
    if (state.content?.sha === content.sha) {
      state.adopt(revision ?? state.revision);
      state.noteAge(lookMs);
      audience.confirm(content.payloads, { ageMs: lookMs });
    }
    counters.polls.unchanged += 1;
    return { outcome: "unchanged" };
  }

  async #settleFailure(
    n: string,
    failure: Failure,
    failures: number,
    lookMs: number,
    status?: number,
  ): Promise<RefreshOutcome> {
    const { audience, protocol, settings } = this.#ports;
    const gateMs = backoffMs(settings.pollIntervalMs, failures, failure.retryAfterMs);
    const known = outcomeOf(failure);
    this.#failures += 1;
    const outcome: PollOutcome = known.outcome;
    try {
      const reply = await protocol.settle({
        n,
        sha: this.#state.content?.sha ?? "",
        known: this.#state.known,
        outcome,
        status: status ?? known.status,
        failures,
        gateMs,
        lookMs,
        isRepair: false,
        publication: { hashes: new Map(), fields: [] },
      });
      if (reply.kind === "fenced") this.#ports.counters.fenced += 1;
    } catch (cause) {
      this.#state.noteRedisError(redisError(cause));
      this.#heldOffUntilMs = this.#ports.clock.monotonicMs() + gateMs;
    }
    if (this.#state.isStopped) return closed();
    this.#state.noteError(failure.error);
    audience.fail(failure, { inMs: gateMs });
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
    const look = await this.#look(held);
    if (state.isStopped) return { outcome: closed(), failure: null };
    if (look.kind === "failed") {
      counters.polls.error += 1;
      state.noteError(look.failure.error);
      return { outcome: { outcome: "failed", error: look.failure.error }, failure: look.failure };
    }
    // Redis was back before the answer: what it has may be newer. The next tick compares.
    if (state.content !== held) return { outcome: { outcome: "unchanged" }, failure: null };
    const revision = look.content.sha === held?.sha ? state.revision : null;
    const outcome = this.#apply(look, revision, clock.monotonicMs() - startedAtMs);
    return { outcome, failure: null };
  }

  async #takeOmitted(held: Content, wanted: ReadonlyMap<string, string>): Promise<RefreshOutcome> {
    const { audience, counters, digest } = this.#ports;
    const state = this.#state;
    counters.directPolls += 1;
    const result = await this.#fetch(held.payloads);
    if (state.isStopped || result.kind !== "payloads" || state.content !== held) {
      return { outcome: "unchanged" };
    }
    const fetched = await contentOf(result.payloads, digest);
    let payloads = held.payloads;
    for (const [part, hash] of wanted) {
      const payload = fetched.payloads.find((it) => it.part === part);
      if (payload !== undefined && fetched.hashes.get(part) === hash) {
        payloads = withPart(payloads, payload);
      }
    }
    if (payloads === held.payloads) return { outcome: "unchanged" };
    const content = await contentOf(payloads, digest);
    const prepared = await audience.prepare(payloads);
    if (state.isStopped || prepared.outcome === "rejected" || state.content !== held) {
      return { outcome: "unchanged" };
    }
    // The origin was asked for this part alone: the age of the rest stays.
    const ageMs = state.ageMs ?? 0;
    state.install(content, state.revision, ageMs);
    prepared.apply({ ageMs });
    return { outcome: "updated" };
  }

  /** Asks the origin and loads its answer, without swapping it in. */
  async #look(held: Content | null): Promise<Look> {
    const result = await this.#fetch(held?.payloads ?? null);
    if (result.kind === "failed") return { kind: "failed", failure: result.failure };
    if (result.kind === "unchanged") {
      if (held !== null) return { kind: "same", content: held, prepared: null };
      const error = new NetworkError("the origin has nothing new, but there is nothing", undefined);
      return { kind: "failed", failure: { kind: "transient", error, retryAfterMs: null } };
    }
    for (const { error, part } of result.warnings ?? []) {
      this.#ports.diagnostics.warn("optional part not loaded", {
        code: error.code,
        ...(part === undefined ? {} : { part }),
        ...(error instanceof HttpStatusError ? { httpStatus: error.httpStatus } : {}),
        reason: error.message,
      });
    }
    if (result.failure === undefined) return this.#load(result.payloads, held);
    // Incomplete: it serves only clients that have nothing yet, and is never published.
    if (held === null) await this.#serveIncomplete(result.payloads);
    return { kind: "failed", failure: result.failure };
  }

  async #serveIncomplete(payloads: PayloadSet): Promise<void> {
    const content = await contentOf(payloads, this.#ports.digest);
    const prepared = await this.#ports.audience.prepare(payloads);
    if (prepared.outcome !== "prepared" || this.#state.content !== null) return;
    this.#state.install(content, null, 0);
    prepared.apply({ ageMs: 0 });
  }

  async #load(payloads: PayloadSet, held: Content | null): Promise<Look> {
    const content = await contentOf(payloads, this.#ports.digest);
    if (this.#rejection !== null && content.sha === this.#rejectedSha) return bad(this.#rejection);
    const prepared = await this.#ports.audience.prepare(payloads);
    if (prepared.outcome === "rejected") {
      const { error } = prepared;
      this.#ports.counters.rejected += 1;
      // An error with a cause (a missing key, a fault in the dialect) may pass: not remembered.
      this.#rejectedSha = error.cause === undefined ? content.sha : null;
      this.#rejection = error;
      return bad(error);
    }
    this.#rejectedSha = null;
    const kind = content.sha === held?.sha ? "same" : "new";
    return { kind, content, prepared };
  }

  /** An origin that throws must not end the polling. */
  async #fetch(held: PayloadSet | null): Promise<FetchResult> {
    this.#controller = new AbortController();
    const { signal } = this.#controller;
    try {
      return await this.#ports.origin.fetchOnce(held, { signal });
    } catch (cause) {
      const error = SortitionError.is(cause) ? cause : new NetworkError(messageOf(cause), cause);
      return { kind: "failed", failure: { kind: "transient", error, retryAfterMs: null } };
    }
  }
}

/** Bytes rejected as a whole: an error of the origin, with the status that they came with. */
function bad(error: SortitionError): Look {
  return { kind: "failed", failure: { kind: "transient", error, retryAfterMs: null }, status: 200 };
}

function closed(): RefreshOutcome {
  return { outcome: "failed", error: new ClosedError() };
}
