import {
  type AbortSignalLike,
  type Clock,
  type ConfigurationOrigin,
  type FetchResult,
  type Payload,
  type PayloadSet,
  startDeadline,
  TimeoutError,
} from "@sortition/core/internal";
import { withAbortDeadline } from "./abort-deadline.js";
import type { CohortAttempt, CohortAttempts } from "./cohort-attempt.js";
import { referredCohorts } from "./referred-cohorts.js";

export interface AttemptParts {
  /** Fetches only the flags. */
  readonly flags: ConfigurationOrigin;
  /** `null` if cohorts are not downloaded. */
  readonly cohorts: CohortAttempts | null;
  readonly clock: Clock;
  /** Deadline for the request for flags, which is much smaller than cohorts. */
  readonly flagsTimeoutMs: number;
  /** Deadline for one attempt at flags and cohorts. */
  readonly timeoutMs: number;
}

/** Fetches flags together with the cohorts that they refer to. */
export class Attempts {
  readonly #parts: AttemptParts;

  constructor(parts: AttemptParts) {
    this.#parts = parts;
  }

  /** See `ConfigurationOrigin.fetchOnce`. Rejects if the server does not send the flags in time. */
  async fetchOnce(current: PayloadSet | null, signal: AbortSignalLike): Promise<FetchResult> {
    const { clock, flags, flagsTimeoutMs, timeoutMs } = this.#parts;
    const startedAtMs = clock.monotonicMs();
    const held = flagsOf(current);
    const deadline = startDeadline(clock, flagsTimeoutMs, signal, false);
    const request = flags.fetchOnce(held === null ? null : [held], { signal: deadline.signal });
    const result = await request.finally(() => deadline.end());
    if (result.kind === "failed" && deadline.signal.aborted && !signal.aborted) {
      throw new TimeoutError("request", flagsTimeoutMs);
    }
    if (result.kind === "failed") return result;
    const [payload = held] = result.kind === "unchanged" ? [] : result.payloads;
    if (payload === null) return result;
    const leftMs = Math.max(1, timeoutMs - (clock.monotonicMs() - startedAtMs));
    return await this.complete(payload, current, signal, leftMs);
  }

  /**
   * Adds the cohorts to flags. Never rejects: failed downloads become warnings.
   *
   * @param flags - a payload of flags from any origin.
   * @param current - the payloads that the caller has.
   */
  async complete(
    flags: Payload,
    current: PayloadSet | null,
    signal: AbortSignalLike,
    timeoutMs: number = this.#parts.timeoutMs,
  ): Promise<FetchResult> {
    const { clock, cohorts } = this.#parts;
    if (cohorts === null) return resultOf(current, [flags], []);
    const attempt = await attemptWithin({ clock, timeoutMs, signal }, async (ended) =>
      cohorts.attempt(await referredCohorts(flags.bytes, clock), current, ended),
    );
    return resultOf(current, [flags, ...attempt.payloads], attempt.warnings);
  }
}

/** Returns the part that cohorts are added to, or `null` if a set has none. */
export function flagsOf(payloads: PayloadSet | null): Payload | null {
  return payloads?.find(({ part }) => part === "flags") ?? null;
}

/** When the deadline passes or the caller aborts, downloads are aborted and become warnings. */
async function attemptWithin(
  deadline: Parameters<typeof withAbortDeadline>[0],
  work: (signal: AbortSignal) => Promise<CohortAttempt>,
): Promise<CohortAttempt> {
  let attempt: Promise<CohortAttempt> = Promise.resolve({ payloads: [], warnings: [] });
  const start = (ended: AbortSignal): Promise<CohortAttempt> => {
    attempt = work(ended);
    return attempt;
  };
  return await withAbortDeadline(deadline, start).catch(() => attempt);
}

function resultOf(
  current: PayloadSet | null,
  payloads: PayloadSet,
  warnings: CohortAttempt["warnings"],
): FetchResult {
  if (warnings.length > 0) return { kind: "payloads", payloads, warnings };
  const isSame =
    current !== null &&
    payloads.length === current.length &&
    payloads.every((payload) => current.includes(payload));
  return isSame ? { kind: "unchanged" } : { kind: "payloads", payloads };
}
