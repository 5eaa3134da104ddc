import { setTimeout as sleep } from "node:timers/promises";

const LIMIT_MS = 200_000;

/** Polls a condition and fails if it does not become true in time. */
export async function until(what: () => boolean): Promise<void> {
  const startedAtMs = performance.now();
  while (!what()) {
    if (performance.now() - startedAtMs > LIMIT_MS) throw new Error(`never came true: ${what}`);
    await sleep(5);
  }
}
