import {
  type Failure,
  NetworkError,
  type Payload,
  type PayloadSet,
  SortitionError,
} from "@sortition/core/source";
import { cohortPart } from "../dialect/cohort-parts.js";
import { type CohortServer, downloadCohort } from "./cohort-request.js";

/** Downloads that run beside each other. */
export const MAX_DOWNLOADS = 4;

/** The cohorts of one look. */
export interface CohortLook {
  readonly payloads: readonly Payload[];
  readonly warnings: readonly Failure[];
}

/** Downloads cohorts: new ones at once, known ones when their last request is long enough ago. */
export class CohortLooks {
  readonly #server: CohortServer;
  /** When each known cohort was requested last, by the monotonic clock. A new process asks for each once. */
  readonly #requestedAtMs = new Map<string, number>();

  constructor(server: CohortServer) {
    this.#server = server;
  }

  /**
   * Never rejects: what could not be downloaded is a warning, and the former copy stays.
   *
   * @param cohortIds - those that flags refer to; all others are forgotten.
   */
  async look(
    cohortIds: readonly string[],
    current: PayloadSet | null,
    signal: AbortSignal,
  ): Promise<CohortLook> {
    for (const id of this.#requestedAtMs.keys()) {
      if (!cohortIds.includes(id)) this.#requestedAtMs.delete(id);
    }
    const results: (Payload | null)[] = cohortIds.map(
      (id) => current?.find(({ part }) => part === cohortPart(id)) ?? null,
    );
    const warnings: Failure[] = [];
    const due = [...cohortIds.entries()].filter(([i, id]) => this.#isDue(id, results[i] ?? null));
    const next = due.values();
    const work = async (): Promise<void> => {
      for (const [i, id] of next) {
        try {
          results[i] = await this.#download(id, results[i] ?? null, signal);
        } catch (cause) {
          warnings.push(failureOf(id, cause));
        }
      }
    };
    await Promise.all(Array.from({ length: MAX_DOWNLOADS }, work));
    return { payloads: results.filter((it) => it !== null), warnings };
  }

  #isDue(id: string, held: Payload | null): boolean {
    const requestedAtMs = this.#requestedAtMs.get(id);
    if (held === null || requestedAtMs === undefined) return true;
    return this.#server.clock.monotonicMs() - requestedAtMs >= this.#server.intervalMs;
  }

  async #download(id: string, held: Payload | null, signal: AbortSignal): Promise<Payload> {
    // A cohort that fails is due at the next look.
    this.#requestedAtMs.delete(id);
    const startedAtMs = this.#server.clock.monotonicMs();
    signal.throwIfAborted();
    const payload = await downloadCohort(this.#server, id, held, signal);
    this.#requestedAtMs.set(id, startedAtMs);
    return payload;
  }
}

function failureOf(cohortId: string, cause: unknown): Failure {
  const error = SortitionError.is(cause) ? cause : new NetworkError("the request failed", cause);
  return { kind: "transient", error, retryAfterMs: null, part: cohortPart(cohortId) };
}
