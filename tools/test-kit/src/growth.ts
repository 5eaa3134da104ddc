/** Twice the growth of linear work, and a fifth of that of quadratic work. */
const LINEAR = 20;
/** Rounds after which the work really grows so fast. Almost always one is enough. */
const ROUNDS = 20;
/** Number of small works in a round. */
const SMALL = 3;

/** The same work with one input, and with an input that is ten times as large. */
export interface Work {
  small(): void;
  large(): void;
}

/**
 * Returns how many times the processor time of the small work the large work takes. The small work is averaged,
 * so that the garbage collector disturbs it, too. The shortest times of several rounds are compared, because other
 * processes only make a round longer.
 *
 * @param enough - the growth at which no further round is needed. Default: 20.
 */
export function growthOf({ large, small }: Work, enough: number = LINEAR): number {
  let growth = Number.POSITIVE_INFINITY;
  let [smallMs, largeMs] = [growth, growth];
  small(); // compiled by the engine, as the large work soon is
  for (let round = 0; round < ROUNDS && growth > enough; round++) {
    const smallsMs = processorMs(() => {
      for (let i = 0; i < SMALL; i++) small();
    });
    smallMs = Math.min(smallMs, smallsMs / SMALL);
    largeMs = Math.min(largeMs, processorMs(large));
    growth = largeMs / smallMs;
  }
  return growth;
}

function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { system, user } = process.cpuUsage(before);
  return (system + user) / 1_000;
}
