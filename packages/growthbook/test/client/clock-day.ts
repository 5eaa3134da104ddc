import type { ConfigurationOrigin, FetchResult } from "@sortition/core/internal";
import { pollingSource } from "@sortition/node/internal";
import { seededRandom } from "@sortition/test-kit";
import { expect, vi } from "vitest";
import { GrowthBookClient } from "../../src/index.js";
import { growthbookOrigin } from "../../src/source.js";

const HOUR_MS = 3_600_000;
const STEP_MS = 1_000;
const INTERVAL_MS = 30_000;

/**
 * Runs the drop-in for several hours under fake timers. The wall clock is set forward or back by an hour and corrected
 * again, drifts by 0.05%, and the process is frozen for up to an hour. Each change must be served within two intervals,
 * with at most twice the usual number of requests.
 */
export async function expectNothingMissed(hours: number, seed: number): Promise<void> {
  const random = seededRandom(seed);
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
  });
  let [skewMs, version, requests, elapsedMs, changedAtMs, longestMs] = [0, 0, 0, 0, 0, 0];
  const origin = {
    ...growthbookOrigin({ clientKey: "sdk-1" }),
    async fetchOnce(
      current: Parameters<ConfigurationOrigin["fetchOnce"]>[0],
    ): Promise<FetchResult> {
      requests += 1;
      const etag = `"${version}"`;
      if (current?.[0]?.etag === etag) return { kind: "unchanged" };
      const features = { flag: { defaultValue: `v${version}` } };
      const bytes = new TextEncoder().encode(JSON.stringify({ features }));
      const facts = { part: "flags", etag, fetchedAtMs: Date.now(), from: "network" } as const;
      return { kind: "payloads", payloads: [{ ...facts, bytes }] };
    },
  };
  const client = new GrowthBookClient({
    source: pollingSource(origin, { pollIntervalMs: INTERVAL_MS }),
  });
  /** Sets the wall clock only. */
  const shift = (byMs: number): void => void vi.setSystemTime(Date.now() + byMs);
  try {
    const starting = client.init();
    await vi.advanceTimersByTimeAsync(STEP_MS);
    await starting;
    while (elapsedMs < hours * HOUR_MS) {
      const chance = random();
      const wantedMs =
        chance < 0.001 ? HOUR_MS : chance < 0.002 ? -HOUR_MS : chance < 0.006 ? 0 : skewMs;
      shift(wantedMs - skewMs + 0.5);
      skewMs = wantedMs;
      if (chance >= 0.006 && chance < 0.007) shift(random() * HOUR_MS);
      if (random() < 0.005) {
        version += 1;
        changedAtMs = elapsedMs;
      }
      await vi.advanceTimersByTimeAsync(STEP_MS);
      elapsedMs += STEP_MS;
      const value = client.getFeatureValue("flag", "none", { attributes: { id: "alice" } });
      if (value !== `v${version}`) longestMs = Math.max(longestMs, elapsedMs - changedAtMs);
    }
    client.destroy();
  } finally {
    vi.useRealTimers();
  }
  const usual = (hours * HOUR_MS) / INTERVAL_MS;
  expect(longestMs).toBeLessThanOrEqual(2 * INTERVAL_MS);
  expect(requests).toBeLessThanOrEqual(2 * usual);
  expect(requests).toBeGreaterThanOrEqual(usual / 2);
}
