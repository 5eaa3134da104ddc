const MIB = 1_024 * 1_024;

/** Memory that all environments of a relay share. Each gets an equal part, so that none takes the memory of another. */
const BUDGET = { history: 64 * MIB, deduplication: 64 * MIB, waiting: 64 * MIB };
/** An environment never needs more than this, even if it is the only one. */
const MAX = { history: 64 * MIB, deduplication: 32 * MIB, waiting: 28 * MIB };

/** The memory of one environment, in bytes. */
export interface MemoryShare {
  /** Configurations that were served, compressed. */
  readonly history: number;
  /** Exposures that were logged. */
  readonly deduplication: number;
  /** Exposures of one logger that wait for Redis. */
  readonly waiting: number;
}

/** Returns the memory of each of a number of environments. */
export function memoryShare(environments: number): MemoryShare {
  const share = (name: keyof MemoryShare): number =>
    Math.min(MAX[name], Math.floor(BUDGET[name] / Math.max(1, environments)));
  return {
    history: share("history"),
    deduplication: share("deduplication"),
    waiting: share("waiting"),
  };
}
