import { expect } from "vitest";

/**
 * Fails if something took longer than allowed on a machine that was as busy as this one. Measuring
 * how busy takes 50 ms of processor time, so it is skipped if the time was short enough for a quiet
 * machine.
 */
export function expectWithin(
  quietMs: number,
  tookMs: number,
  { boundMs }: { boundMs(quietMs: number): number },
): void {
  const isQuick = tookMs < quietMs;
  if (!isQuick) expect(tookMs).toBeLessThan(boundMs(quietMs));
}
