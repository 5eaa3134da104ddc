import { setTimeout as sleep } from "node:timers/promises";

/**
 * Measures the longest time between two turns of the event loop, ns.
 *
 * @param aftermathMs - how long to go on watching once the work is done.
 */
export async function longestStall(
  work: () => Promise<unknown>,
  aftermathMs: number,
): Promise<number> {
  let longestNs = 0n;
  let lastTurnNs = process.hrtime.bigint();
  let isWatching = true;
  const watch = (): void => {
    const nowNs = process.hrtime.bigint();
    if (nowNs - lastTurnNs > longestNs) longestNs = nowNs - lastTurnNs;
    lastTurnNs = nowNs;
    if (isWatching) setImmediate(watch);
  };
  setImmediate(watch);
  await work();
  await sleep(aftermathMs);
  isWatching = false;
  return Number(longestNs);
}
