import { expect } from "vitest";

/**
 * Fails if something took longer than it may on a machine that is as busy as this one was. That costs 50 ms of
 * processor time to find out, so what was quick enough for a quiet machine is not compared with it.
 */
export function expectWithin(
  quietMs: number,
  tookMs: number,
  { boundMs }: { boundMs(quietMs: number): number },
): void {
  const isQuick = tookMs < quietMs;
  if (!isQuick) expect(tookMs).toBeLessThan(boundMs(quietMs));
}
