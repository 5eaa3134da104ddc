/** A participant's result, and the time of its fastest round. */
export interface Measured<T> {
  readonly result: T;
  readonly ms: number;
}

/** Number of rounds. Code is compiled in the first one, and other programs may disturb some. */
export const ROUNDS = 3;

/** Lets participants do the same work in turns. Returns the results of the last round and the fastest times. */
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
