import { seededRandom } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { Deduplicator } from "../src/delivery/deduplicator.js";

const HOUR_MS = 3_600_000;
const STEP_MS = 1_000;
const TTL_MS = 600_000;

/** Visits of one subject over a day, and the number that were logged. */
function simulate(seed: number): {
  logged: number;
  usual: number;
  jumps: number;
  longestMs: number;
} {
  const random = seededRandom(seed);
  const times = { monotonicMs: 0, wallMs: Date.UTC(2026, 0, 1), skewMs: 0, worldMs: 0 };
  const memory = new Deduplicator(
    { max: 100, ttlMs: TTL_MS },
    { monotonicMs: () => times.monotonicMs, now: () => times.wallMs + times.skewMs },
  );
  let lastMs = Number.NEGATIVE_INFINITY;
  let since = { isFrozen: false, isSetBack: false };
  let [logged, usual, jumps, longestMs] = [0, 0, 0, 0];
  const pass = (ms: number, isFrozen: boolean): void => {
    times.worldMs += ms;
    times.wallMs += ms;
    if (!isFrozen) times.monotonicMs += ms;
  };
  for (let step = 0; step < (24 * HOUR_MS) / STEP_MS; step++) {
    pass(STEP_MS, false);
    const chance = random();
    const before = { ...times };
    if (chance < 0.002) jumps += 1;
    if (chance < 0.0005) pass(random() * HOUR_MS, true);
    else if (chance < 0.001) times.skewMs = random() < 0.5 ? HOUR_MS : -HOUR_MS;
    else if (chance < 0.002) times.skewMs = 0;
    if (times.wallMs > before.wallMs) since.isFrozen = true;
    if (times.skewMs < before.skewMs) since.isSetBack = true;
    times.skewMs += 0.5;
    // Hours with a visit every 20 s alternate with hours of pauses that are longer than the time.
    const isBusy = Math.floor((step * STEP_MS) / HOUR_MS) % 2 === 0;
    if (random() > (isBusy ? 0.05 : 0.0005)) continue;
    const pauseMs = times.worldMs - lastMs;
    lastMs = times.worldMs;
    if (pauseMs >= TTL_MS) usual += 1;
    // Between two visits, a freeze and a clock that was set back hide each other: nothing shows such a time.
    const isHidden = since.isFrozen && since.isSetBack;
    since = { isFrozen: false, isSetBack: false };
    if (memory.has("flag", "alice", null, "a")) {
      if (!isHidden) longestMs = Math.max(longestMs, pauseMs);
    } else {
      logged += 1;
      memory.reserve("flag", "alice", null, "a", `${logged}`);
    }
  }
  return { logged, usual, jumps, longestMs };
}

describe("deduplication with clocks that jump, drift and stop for a day", () => {
  it.each([1, 2, 3, 4])(
    "keeps nothing longer than its time, and logs at most once more per jump: seed %d",
    (seed) => {
      const { jumps, logged, longestMs, usual } = simulate(seed);
      expect(usual).toBeGreaterThan(10);
      expect(longestMs).toBeLessThan(TTL_MS * 1.01);
      expect(logged).toBeGreaterThanOrEqual(usual - jumps);
      expect(logged).toBeLessThanOrEqual(usual + jumps);
    },
  );
});
