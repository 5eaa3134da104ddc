import {
  type Failure,
  type Moment,
  momentAgo,
  msSince,
  NetworkError,
  type Payload,
  type PayloadSet,
  SortitionError,
} from "@sortition/core/internal";
import { cohortPart } from "../dialect/cohorts/cohort-parts.js";
import { type CohortServer, downloadCohort } from "./cohort-request.js";
import { Slots } from "./slots.js";

/** Maximum number of concurrent downloads. */
export const MAX_DOWNLOADS = 4;

export interface CohortAttempt {
  readonly payloads: readonly Payload[];
  readonly warnings: readonly Failure[];
}

/** Downloads cohorts: new ones immediately, known ones if their last request is long enough ago. */
export class CohortAttempts {
  readonly #server: CohortServer;
  /** When each known cohort was last requested. A new process requests each cohort once. */
  readonly #requestedAt = new Map<string, Moment>();

  constructor(server: CohortServer) {
    this.#server = server;
  }

  /**
   * Downloads cohorts that are due. Never rejects: failed downloads become warnings, and the
   * previous copy is kept.
   *
   * @param cohortIds - the cohorts that flags refer to. All others are forgotten.
   */
  async attempt(
    cohortIds: readonly string[],
    current: PayloadSet | null,
    signal: AbortSignal,
  ): Promise<CohortAttempt> {
    for (const id of this.#requestedAt.keys()) {
      if (!cohortIds.includes(id)) this.#requestedAt.delete(id);
    }
    const warnings: Failure[] = [];
    // Created for each attempt, because on platforms that end a request, its downloads may never
    // settle.
    const slots = new Slots(this.#server.clock, MAX_DOWNLOADS, null);
    const attempt = async (id: string): Promise<Payload | null> => {
      const held = current?.find(({ part }) => part === cohortPart(id)) ?? null;
      if (!this.#isDue(id, held)) return held;
      try {
        return await slots.run(() => this.#download(id, held, signal));
      } catch (cause) {
        warnings.push(failureOf(id, cause));
        return held;
      }
    };
    const payloads = await Promise.all(cohortIds.map(attempt));
    return { payloads: payloads.filter((it) => it !== null), warnings };
  }

  #isDue(id: string, held: Payload | null): boolean {
    const requestedAt = this.#requestedAt.get(id);
    if (held === null || requestedAt === undefined) return true;
    return msSince(requestedAt, this.#server.clock) >= this.#server.intervalMs;
  }

  async #download(id: string, held: Payload | null, signal: AbortSignal): Promise<Payload> {
    // A failed cohort is due again at the next attempt.
    this.#requestedAt.delete(id);
    const startedAt = momentAgo(this.#server.clock);
    signal.throwIfAborted();
    const payload = await downloadCohort(this.#server, id, held, signal);
    this.#requestedAt.set(id, startedAt);
    return payload;
  }
}

function failureOf(cohortId: string, cause: unknown): Failure {
  const error = SortitionError.is(cause) ? cause : new NetworkError("the request failed", cause);
  return { kind: "transient", error, retryAfterMs: null, part: cohortPart(cohortId) };
}
