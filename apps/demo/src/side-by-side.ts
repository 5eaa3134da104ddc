/** What one participant made of the work, and the time of its fastest round. */
export interface Measured<T> {
  readonly result: T;
  readonly ms: number;
}

/** Rounds of each participant: the first ones compile, and other programs disturb some. */
export const ROUNDS = 3;

/** Lets participants do the same work, by turns; keeps the result of the last round, and the fastest time. */
export async function sideBySide<Name extends string, T>(
  work: Readonly<Record<Name, () => T | Promise<T>>>,
): Promise<Readonly<Record<Name, Measured<T>>>> {
  const names = Object.keys(work) as Name[]; // these are its keys
  const measured = {} as Record<Name, Measured<T>>; // filled by the first round
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) {
      const startedAtMs = performance.now();
      const result = await work[name]();
      const ms = Math.round(performance.now() - startedAtMs);
      measured[name] = { result, ms: Math.min(ms, measured[name]?.ms ?? ms) };
    }
  }
  return measured;
}
