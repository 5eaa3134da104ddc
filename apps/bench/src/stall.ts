import { setTimeout as sleep } from "node:timers/promises";
import { openCoreWait } from "./core-wait.js";

/**
 * Measures the longest time between two turns of the event loop, ns.
 *
 * @param aftermathMs - how long to continue to measure after the work.
 */
export async function longestStall(work: () => Promise<unknown>, aftermathMs: number) {
  return (await watch(work, aftermathMs, () => 0)).longestNs;
}

/**
 * Like {@link longestStall}, and also returns `longestWithCoreNs`, which excludes the time in which the thread waited for a core,
 * if that is known. Turns take a little longer, because each reads a file of the kernel.
 */
export async function longestStalls(work: () => Promise<unknown>, aftermathMs: number) {
  const coreWait = openCoreWait();
  try {
    return await watch(work, aftermathMs, coreWait.readNs);
  } finally {
    coreWait.close();
  }
}

async function watch(work: () => Promise<unknown>, aftermathMs: number, readWaitNs: () => number) {
  let longestNs = 0;
  let longestWithCoreNs = 0;
  let lastTurnNs = process.hrtime.bigint();
  let lastWaitNs = readWaitNs();
  let isWatching = true;
  const turn = (): void => {
    if (!isWatching) return;
    const nowNs = process.hrtime.bigint();
    const waitNs = readWaitNs();
    const stallNs = Number(nowNs - lastTurnNs);
    const withCoreNs = stallNs - (waitNs - lastWaitNs);
    // Assigned only if it is longer, because an assignment may allocate, and there are many turns.
    if (stallNs > longestNs) longestNs = stallNs;
    if (withCoreNs > longestWithCoreNs) longestWithCoreNs = withCoreNs;
    lastTurnNs = nowNs;
    lastWaitNs = waitNs;
    setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  await sleep(aftermathMs);
  isWatching = false;
  return { longestNs, longestWithCoreNs };
}
