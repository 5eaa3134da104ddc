import { eppo } from "@sortition/core/eppo";
import { createFakeClock, seededRandom } from "@sortition/test-kit";
import { expect } from "vitest";
import { edgeClient } from "../../src/index.js";
import { createMemoryCache } from "./memory-cache.js";
import { createVendor } from "./vendor.js";

const HOUR_MS = 3_600_000;
const MAX_AGE_MS = 30_000;
const VISIT_MS = 1_000;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** How isolates receive configurations, and how their clocks are wrong. */
export interface ClockDayOptions {
  readonly hours: number;
  readonly isShared: boolean;
  /** Permanent error of each isolate's clock. Absent: clocks jump and are corrected. */
  readonly skewsMs?: readonly number[];
}

/**
 * Runs three isolates for some hours. Their wall clocks are set an hour forward or back and corrected again, drift by
 * 0.05%, and are frozen for up to an hour. Each isolate receives each change within two intervals, with at most twice
 * the requests.
 *
 * If clocks are permanently wrong, copies of other isolates do not show their age, so isolates make as many requests as
 * without a shared cache.
 */
export async function expectNothingMissed({
  hours,
  isShared,
  skewsMs,
}: ClockDayOptions): Promise<void> {
  const random = seededRandom(63);
  const clock = createFakeClock();
  const vendor = createVendor("0");
  const skews = [...(skewsMs ?? [0, 0, 0])];
  const cache = createMemoryCache();
  const isolates = skews.map((_, i) =>
    edgeClient({
      dialect: eppo() as never,
      apiKey: "key",
      fetch: vendor.fetch,
      diagnostics: SILENT,
      maxAgeMs: MAX_AGE_MS,
      ...(isShared ? { cache } : {}),
      random: seededRandom(i),
      clock: { ...clock, now: () => clock.now() + (skews[i] ?? 0) },
    }),
  );
  const versions = isolates.map(() => 0);
  let changedAtMs = 0;
  let version = 0;
  let longestMs = 0;
  while (clock.monotonicMs() < hours * HOUR_MS) {
    for (const [i, flags] of isolates.entries()) {
      const chance = random();
      if (skewsMs === undefined) {
        if (chance < 0.002) skews[i] = chance < 0.001 ? HOUR_MS : -HOUR_MS;
        else if (chance < 0.01) skews[i] = 0;
        skews[i] = (skews[i] ?? 0) + i * 0.5 - 0.5;
      }
      if (chance >= 0.01 && chance < 0.011) clock.jump(random() * HOUR_MS);
      if (random() < 0.005) {
        version += 1;
        vendor.value = String(version);
        changedAtMs = clock.monotonicMs();
      }
      const making = flags.forRequest({ waitUntil() {} });
      await clock.advance(VISIT_MS);
      const value = (await making).getStringAssignment("checkout", "alice", {}, "default");
      if (value !== vendor.value)
        longestMs = Math.max(longestMs, clock.monotonicMs() - changedAtMs);
      // Copies are ordered by the clocks of their writers, so only an isolate without a shared cache never goes back.
      if (value === "default" || isShared) continue;
      expect(Number(value)).toBeGreaterThanOrEqual(versions[i] ?? 0);
      versions[i] = Number(value);
    }
  }
  const intervals = clock.monotonicMs() / MAX_AGE_MS;
  const usual = isShared && skewsMs === undefined ? intervals : intervals * isolates.length;
  // Jitter makes an isolate's interval up to a fifth longer.
  expect(longestMs).toBeLessThanOrEqual(2.4 * MAX_AGE_MS + isolates.length * VISIT_MS);
  expect(vendor.requests.length).toBeLessThanOrEqual((skewsMs === undefined ? 2 : 1.2) * usual);
}
