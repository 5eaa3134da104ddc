import type {
  AbortSignalLike,
  Clock,
  ConfigurationOrigin,
  FetchResult,
  Payload,
  PayloadSet,
} from "@sortition/core/source";
import { withDeadline } from "@sortition/node/transport";
import type { CohortLook, CohortLooks } from "./cohort-look.js";
import { referredCohorts } from "./referred-cohorts.js";

/** What looks are made with. */
export interface LookParts {
  /** Fetches the flags alone. */
  readonly flags: ConfigurationOrigin;
  /** `null`: cohorts are not downloaded. */
  readonly cohorts: CohortLooks | null;
  readonly clock: Clock;
  /** For one look at flags and cohorts. */
  readonly timeoutMs: number;
}

/** Fetches flags together with the cohorts that they refer to. */
export class Looks {
  readonly #parts: LookParts;

  constructor(parts: LookParts) {
    this.#parts = parts;
  }

  /** See `ConfigurationOrigin.fetchOnce`. */
  async fetchOnce(current: PayloadSet | null, signal: AbortSignalLike): Promise<FetchResult> {
    const { clock, flags, timeoutMs } = this.#parts;
    const startedAtMs = clock.monotonicMs();
    const held = flagsOf(current);
    const result = await flags.fetchOnce(held === null ? null : [held], { signal });
    if (result.kind === "failed") return result;
    const [payload = held] = result.kind === "unchanged" ? [] : result.payloads;
    if (payload === null) return result;
    const leftMs = Math.max(1, timeoutMs - (clock.monotonicMs() - startedAtMs));
    return await this.complete(payload, current, signal, leftMs);
  }

  /**
   * Adds the cohorts to flags. Never rejects: what cannot be downloaded is a warning.
   *
   * @param flags - a payload of flags, however it was received.
   * @param current - what the caller holds.
   */
  async complete(
    flags: Payload,
    current: PayloadSet | null,
    signal: AbortSignalLike,
    timeoutMs: number = this.#parts.timeoutMs,
  ): Promise<FetchResult> {
    const { clock, cohorts } = this.#parts;
    if (cohorts === null) return resultOf(current, [flags], []);
    const look = await lookWithin({ clock, timeoutMs, signal }, async (ended) =>
      cohorts.look(await referredCohorts(flags.bytes, clock), current, ended),
    );
    return resultOf(current, [flags, ...look.payloads], look.warnings);
  }
}

/** The part that cohorts are added to; `null` if a set has none. */
export function flagsOf(payloads: PayloadSet | null): Payload | null {
  return payloads?.find(({ part }) => part === "flags") ?? null;
}

/** When the deadline passes, or the caller aborts, downloads are aborted, and are warnings. */
async function lookWithin(
  deadline: Parameters<typeof withDeadline>[0],
  work: (signal: AbortSignal) => Promise<CohortLook>,
): Promise<CohortLook> {
  let look: Promise<CohortLook> = Promise.resolve({ payloads: [], warnings: [] });
  const start = (ended: AbortSignal): Promise<CohortLook> => {
    look = work(ended);
    return look;
  };
  return await withDeadline(deadline, start).catch(() => look);
}

function resultOf(
  current: PayloadSet | null,
  payloads: PayloadSet,
  warnings: CohortLook["warnings"],
): FetchResult {
  const isSame =
    current !== null &&
    payloads.length === current.length &&
    payloads.every((payload) => current.includes(payload));
  if (isSame && warnings.length === 0) return { kind: "unchanged" };
  return warnings.length === 0
    ? { kind: "payloads", payloads }
    : { kind: "payloads", payloads, warnings };
}
