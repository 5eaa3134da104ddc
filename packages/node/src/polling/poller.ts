import {
  type ConfigurationOrigin,
  type Failure,
  HttpStatusError,
  type PayloadSet,
  type RefreshOutcome,
  type SortitionError,
  type SourceContext,
  type SourceSink,
  Subscribers,
} from "@sortition/core/source";
import { thrownFailure } from "../http/failure.js";
import { Attempts } from "../source/attempts.js";
import { draw } from "../source/draw.js";
import { fingerprint } from "../source/fingerprint.js";
import { closedOutcome } from "../source/refresh.js";
import { failureDelayMs, firstDelayMs, type Pacing, steadyDelayMs } from "./backoff.js";

/** Outcome of an attempt. */
type Verdict =
  | { readonly outcome: "updated" | "unchanged" }
  | { readonly outcome: "failed"; readonly failure: Failure };

/** Payloads that a client rejected. The same bytes are not decoded again. */
interface RejectedPayloads {
  readonly fingerprint: string;
  readonly error: SortitionError;
}

/** Dependencies of a {@link Poller}. */
export interface PollerOptions {
  readonly origin: ConfigurationOrigin;
  /** `null`: attempts only by {@link Poller.poll}. */
  readonly pacing: Pacing | null;
  /** Ports of the first subscriber, used for the whole run. */
  readonly ports: Pick<SourceContext, "clock" | "random" | "digest" | "diagnostics">;
}

/**
 * One run of a polling source, from its first subscription to the end of the last one. Attempts never
 * overlap and never stop.
 *
 * @see docs/spec/lifecycle.md §1.1 and §1.2
 */
export class Poller {
  readonly #options: PollerOptions;
  readonly #subscribers = new Subscribers();
  readonly #controller = new AbortController();
  readonly #attempts = new Attempts((answered) => this.#poll(answered));
  #cancelTimer: () => void = () => {};
  /** Payloads that the subscribers accepted, with their etags. An etag is committed nowhere else. */
  #loaded: PayloadSet | null = null;
  /** When the origin last confirmed them. */
  #confirmedAtMs = 0;
  #rejected: RejectedPayloads | null = null;
  #failures = 0;
  #refusals = 0;
  #hasSucceeded = false;

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  /** Starts the first attempt. */
  start(): void {
    void this.poll();
  }

  /**
   * Adds a client, and offers it the loaded payloads.
   *
   * @returns removes it. The last one ends the run in the same turn; returns whether it was the last.
   */
  add(sink: SourceSink, context: SourceContext): () => boolean {
    const payloads = this.#loaded;
    const ageMs = (): number => this.#options.ports.clock.monotonicMs() - this.#confirmedAtMs;
    const loaded = payloads === null ? null : { payloads, ageMs };
    const remove = this.#subscribers.add(sink, context, loaded);
    if (this.#options.pacing === null) this.#subscribers.idle();
    return () => {
      if (!remove()) return false;
      this.#cancelTimer();
      this.#controller.abort();
      this.#options.origin.release?.();
      return true;
    };
  }

  /** Starts an attempt, or joins the one that waits for its answer. Never rejects. */
  poll(): Promise<RefreshOutcome> {
    return this.#attempts.next();
  }

  async #poll(answered: () => void): Promise<RefreshOutcome> {
    if (this.#controller.signal.aborted) return closedOutcome();
    this.#cancelTimer();
    const verdict = await this.#look(answered).catch(
      // An origin that throws must not end the polling.
      (cause): Verdict => ({ outcome: "failed", failure: thrownFailure(cause) }),
    );
    if (this.#controller.signal.aborted) return closedOutcome();
    if (verdict.outcome !== "failed") return this.#succeed(verdict.outcome);
    return this.#fail(verdict.failure);
  }

  async #look(answered: () => void): Promise<Verdict> {
    const held = this.#held();
    const { signal } = this.#controller;
    const result = await this.#options.origin.fetchOnce(held, { signal }).finally(answered);
    switch (result.kind) {
      case "failed":
        return { outcome: "failed", failure: result.failure };
      case "unchanged":
        if (held !== null) await this.#confirm(held);
        return { outcome: "unchanged" };
      case "payloads": {
        const { payloads, failure, warnings = [] } = result;
        for (const warning of warnings) this.#warn(warning);
        if (failure === undefined) return this.#offer(payloads);
        // An incomplete update is offered only if there is nothing that it would replace.
        const verdict = this.#loaded === null ? await this.#offer(payloads) : null;
        return verdict?.outcome === "failed" ? verdict : { outcome: "failed", failure };
      }
    }
  }

  /**
   * Payloads for a conditional request: those that every subscriber has. If a client has another
   * configuration, because its caller set one or it joined a moment ago, the request is unconditional.
   */
  #held(): PayloadSet | null {
    const held = this.#loaded ?? this.#subscribers.current;
    return held !== null && this.#subscribers.hold(held) ? held : null;
  }

  /** Reports an optional part that is missing. The origin requests it again at the next attempt. */
  #warn({ error, part }: Failure): void {
    this.#options.ports.diagnostics.warn("optional part not loaded", {
      code: error.code,
      ...(part === undefined ? {} : { part }),
      ...(error instanceof HttpStatusError ? { httpStatus: error.httpStatus } : {}),
      reason: error.message,
    });
  }

  async #confirm(held: PayloadSet): Promise<void> {
    this.#keep(held);
    await this.#subscribers.confirm(held);
  }

  async #offer(payloads: PayloadSet): Promise<Verdict> {
    const { digest } = this.#options.ports;
    const rejected = this.#rejected;
    if (rejected !== null && rejected.fingerprint === (await fingerprint(payloads, digest))) {
      return badBody(rejected.error);
    }
    const result = await this.#subscribers.offer(payloads);
    if (result.outcome === "failed") {
      const { error } = result;
      // An error with a cause (a missing key, a fault in the dialect) may pass: not remembered.
      if (error.cause === undefined) {
        this.#rejected = { fingerprint: await fingerprint(payloads, digest), error };
      }
      return badBody(error);
    }
    this.#keep(payloads);
    return result;
  }

  #keep(payloads: PayloadSet): void {
    this.#loaded = payloads;
    this.#confirmedAtMs = this.#options.ports.clock.monotonicMs();
    this.#rejected = null;
  }

  #succeed(outcome: "updated" | "unchanged"): RefreshOutcome {
    const nextDelayMs = this.#hasSucceeded ? steadyDelayMs : firstDelayMs;
    this.#hasSucceeded = true;
    this.#failures = 0;
    this.#refusals = 0;
    const inMs = this.#armTimer(nextDelayMs);
    if (inMs !== null) this.#subscribers.scheduled(inMs);
    return { outcome };
  }

  #fail(failure: Failure): RefreshOutcome {
    this.#failures += 1;
    if (failure.kind !== "transient") this.#refusals += 1;
    const isLoaded = this.#subscribers.current !== null;
    const attempt = { failure, failures: this.#failures, refusals: this.#refusals, isLoaded };
    // Armed before the failure is reported: a client may leave then, which disarms it.
    const inMs = this.#armTimer((pacing, u) => failureDelayMs(pacing, attempt, u));
    this.#subscribers.failed(failure, { inMs });
    return { outcome: "failed", error: failure.error };
  }

  #armTimer(delayMs: (pacing: Pacing, u: number) => number): number | null {
    const { pacing, ports } = this.#options;
    if (pacing === null) return null;
    const inMs = Math.round(delayMs(pacing, draw(ports.random)));
    this.#cancelTimer = ports.clock.setTimer(() => void this.poll(), inMs, { holdsProcess: false });
    return inMs;
  }
}

function badBody(error: SortitionError): Verdict {
  return { outcome: "failed", failure: { kind: "transient", error, retryAfterMs: null } };
}
