import type { AssignmentLogger } from "@sortition/core";
import type { Fleet } from "./sources.js";

/** Maximum number of exposures kept in memory while Redis is unavailable. */
const MAX_PENDING = 10_000;
/** Above these limits requests are refused. They leave room for requests already admitted, below `MAX_PENDING` and 32 MiB. */
const FULL_AT = { buffered: MAX_PENDING - 200, bufferedBytes: 28 * 1_024 * 1_024 };

/** Counts of one logger's exposures in this process. */
export interface ExposureCounts {
  readonly logger: string;
  /** Delivered to the logger's service. */
  readonly delivered: number;
  /** Not yet stored in Redis, or not yet delivered. */
  readonly waiting: number;
  /** Lost, by reason. */
  readonly lost: Readonly<Record<string, number>>;
}

/** A logger of an environment. */
interface ExposureLogger {
  /** Delivers to the service. */
  readonly service: AssignmentLogger;
  /** Stores exposures in Redis first; `null` without Redis. */
  readonly shared: ReturnType<Fleet["dedupe"]> | null;
}

/** The loggers of an environment, with their counts. */
export class ExposureLoggers {
  /** The loggers to give to the client; `null` if there are none. */
  readonly loggers: readonly AssignmentLogger[] | null;
  readonly #all: readonly ExposureLogger[];
  #refused = 0;

  constructor(all: readonly ExposureLogger[]) {
    this.#all = all;
    this.loggers = all.length === 0 ? null : all.map(({ service, shared }) => shared ?? service);
  }

  /** Requests that were refused because too many exposures wait for Redis. */
  get refused(): number {
    return this.#refused;
  }

  /** Whether there is room for the exposures of another request. Counts refusals. */
  admit(): boolean {
    const isFull = this.#all.some(({ shared }) => {
      if (shared === null) return false;
      const { buffered, bufferedBytes } = shared.stats();
      return buffered > FULL_AT.buffered || bufferedBytes > FULL_AT.bufferedBytes;
    });
    if (isFull) this.#refused += 1;
    return !isFull;
  }

  /** Delivers the remaining exposures, bypassing Redis if it does not respond, and accepts no more. Never rejects. */
  async close(timeoutMs: number): Promise<void> {
    await Promise.all(
      this.#all.map(({ service, shared }) => {
        const signal = AbortSignal.timeout(timeoutMs);
        return shared === null
          ? service.close?.({ timeoutMs, signal })
          : shared.close({ timeoutMs, signal });
      }),
    ).catch(() => {});
  }

  counts(): readonly ExposureCounts[] {
    return this.#all.map(({ service, shared }) => {
      const own = statsOf(service);
      const queue = shared === null ? NO_STATS : statsOf(shared);
      return {
        logger: service.name ?? "",
        delivered: own.delivered,
        waiting: own.buffered + queue.buffered,
        lost: sumOf(lossesOf(own), lossesOf(queue)),
      };
    });
  }
}

/** Creates the loggers. With a fleet, they share the exposures of all replicas through Redis, and deliver each one once. */
export function exposureLoggers(
  services: readonly AssignmentLogger[],
  fleet: Pick<Fleet, "dedupe" | "outbox"> | null,
): ExposureLoggers {
  return new ExposureLoggers(
    services.map((service) => {
      if (fleet === null) return { service, shared: null };
      const options = { name: service.name, maxPending: MAX_PENDING };
      return { service, shared: fleet.dedupe(fleet.outbox(service, options), options) };
    }),
  );
}

/** The number of lost exposures. */
export function lostIn(all: readonly ExposureCounts[]): number {
  return all.flatMap(({ lost }) => Object.values(lost)).reduce((sum, count) => sum + count, 0);
}

/** Counters that all our loggers have. */
interface Stats {
  readonly delivered: number;
  readonly failed: number;
  readonly dropped: number;
  readonly buffered: number;
  /** Absent if the logger reports no reasons. */
  readonly droppedBy?: Readonly<Record<string, number>>;
}

const NO_STATS: Stats = { delivered: 0, failed: 0, dropped: 0, buffered: 0 };

function statsOf(logger: AssignmentLogger): Stats {
  return { ...NO_STATS, ...logger.stats?.() };
}

function lossesOf({ dropped, droppedBy, failed }: Stats): Readonly<Record<string, number>> {
  return { failed, ...(droppedBy ?? { dropped }) };
}

function sumOf(
  ...all: readonly Readonly<Record<string, number>>[]
): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const [name, count] of all.flatMap((it) => Object.entries(it))) {
    if (count > 0) sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}
