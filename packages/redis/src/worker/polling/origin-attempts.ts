import {
  type Failure,
  type FetchResult,
  messageOf,
  NetworkError,
  type PayloadSet,
  type PreparedAll,
  reportMissingPart,
  SortitionError,
} from "@sortition/core/internal";
import { type Content, contentOf } from "../../codec/content.js";
import type { WorkerPorts, WorkerState } from "../worker-state.js";

/** Result of one attempt at the origin, which is not served yet. */
export type Attempt = GoodAttempt | FailedAttempt;

/** The origin responded. `prepared` is `null` if nothing has changed. */
export interface GoodAttempt {
  readonly kind: "same" | "new";
  readonly content: Content;
  readonly prepared: Extract<PreparedAll, { outcome: "prepared" }> | null;
}

export interface FailedAttempt {
  readonly kind: "failed";
  readonly failure: Failure;
  /** Status of an unusable response. */
  readonly status?: number;
}

/** Requests configurations from the origin, and loads them in the clients without swapping them in. */
export class OriginAttempts {
  readonly #ports: WorkerPorts;
  readonly #state: WorkerState;
  #isAsking = false;
  /** Whether the origin has newer data than the awaited response. */
  #isOutdated = false;
  #controller = new AbortController();
  #rejected: { readonly sha: string; readonly error: SortitionError } | null = null;

  constructor(ports: WorkerPorts, state: WorkerState) {
    this.#ports = ports;
    this.#state = state;
  }

  /** Aborts a fetch. */
  stop(): void {
    this.#controller.abort();
    this.#ports.origin.release?.();
  }

  /** Whether a response is awaited. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  /**
   * Called when the origin has newer data than the awaited response. Aborts the fetch and restarts it immediately.
   *
   * @returns `false` if no response is awaited.
   */
  askAgain(): boolean {
    if (!this.#isAsking) return false;
    this.#isOutdated = true;
    this.#controller.abort();
    return true;
  }

  async attempt(held: Content | null): Promise<Attempt> {
    const result = await this.fetch(held?.payloads ?? null);
    if (result.kind === "failed") return result;
    if (result.kind === "unchanged") {
      if (held !== null) return { kind: "same", content: held, prepared: null };
      return failed(
        new NetworkError(
          "the origin reported no change, but there is no configuration yet",
          undefined,
        ),
      );
    }
    for (const warning of result.warnings ?? [])
      reportMissingPart(warning, this.#ports.diagnostics);
    const { failure, payloads } = result;
    if (failure === undefined) return this.#load(payloads, held);
    // An incomplete response is only served to clients without a configuration, and never published.
    if (held === null) await this.#serveIncomplete(payloads);
    return { kind: "failed", failure };
  }

  async fetch(held: PayloadSet | null): Promise<FetchResult> {
    this.#isAsking = true;
    let result: FetchResult;
    do {
      this.#isOutdated = false;
      result = await this.#ask(held);
    } while (this.#isOutdated && !this.#state.isStopped);
    this.#isAsking = false;
    return result;
  }

  /** An origin that throws must not stop polling. */
  async #ask(held: PayloadSet | null): Promise<FetchResult> {
    this.#controller = new AbortController();
    const { signal } = this.#controller;
    try {
      return await this.#ports.origin.fetchOnce(held, { signal });
    } catch (cause) {
      return failed(SortitionError.is(cause) ? cause : new NetworkError(messageOf(cause), cause));
    }
  }

  async #load(payloads: PayloadSet, held: Content | null): Promise<Attempt> {
    const { subscribers, counters, digest } = this.#ports;
    const content = await contentOf(payloads, digest);
    if (this.#rejected?.sha === content.sha) return unusable(this.#rejected.error);
    const prepared = await subscribers.prepare(payloads);
    if (prepared.outcome === "rejected") {
      const { error } = prepared;
      counters.rejected += 1;
      // An error with a cause (a missing key, a bug in the dialect) may be temporary, so it is not remembered.
      this.#rejected = error.cause === undefined ? { sha: content.sha, error } : null;
      return unusable(error);
    }
    this.#rejected = null;
    return { kind: content.sha === held?.sha ? "same" : "new", content, prepared };
  }

  async #serveIncomplete(payloads: PayloadSet): Promise<void> {
    const content = await contentOf(payloads, this.#ports.digest);
    const prepared = await this.#ports.subscribers.prepare(payloads);
    if (prepared.outcome !== "prepared" || this.#state.content !== null) return;
    this.#state.install(content, null, 0);
    prepared.apply({ ageMs: 0 });
  }
}

function failed(error: SortitionError): FailedAttempt {
  return { kind: "failed", failure: { kind: "transient", error, retryAfterMs: null } };
}

/** A payload that the dialect rejects is reported as the origin's error, with the status of its response. */
function unusable(error: SortitionError): FailedAttempt {
  return { ...failed(error), status: 200 };
}
