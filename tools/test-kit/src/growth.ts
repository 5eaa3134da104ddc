/** Rounds after which the work really grows so fast. Almost always one is enough. */
const ROUNDS = 20;
/** Twice the growth of linear work, and a fifth of that of quadratic work. */
const LINEAR = 20;

/** The same work with one input, and with an input that is ten times as large. */
export interface Work {
  small(): void;
  large(): void;
}

/**
 * Returns how many times the processor time of the small work the large work takes. Other processes of the machine and
 * the garbage collector only make a round longer, so the shortest times of several rounds are compared.
 *
 * @param enough - the growth at which no further round is needed. Default: 20, of ten times the input.
 */
export function growthOf({ large, small }: Work, enough: number = LINEAR): number {
  let growth = Number.POSITIVE_INFINITY;
  let [smallMs, largeMs] = [growth, growth];
  small(); // compiled by the engine, as the large work soon is
  for (let round = 0; round < ROUNDS && growth > enough; round++) {
    for (let i = 0; i < 3; i++) smallMs = Math.min(smallMs, processorMs(small));
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
