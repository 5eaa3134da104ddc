import { seededRandom } from "@sortition/test-kit";
import { expect, vi } from "vitest";
import { PostHog } from "../../src/index.js";

const HOUR_MS = 3_600_000;
const STEP_MS = 1_000;
const INTERVAL_MS = 30_000;

/** Definitions of one flag that assigns this variant to everyone. */
function definitions(variant: string): string {
  const multivariate = { variants: [{ key: variant, rollout_percentage: 100 }] };
  const flag = { id: 1, key: "flag", active: true, filters: { groups: [{}], multivariate } };
  return JSON.stringify({ flags: [flag], group_type_mapping: {}, cohorts: {} });
}

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
  const client = new PostHog("phc_key", {
    host: "http://api.test",
    secretKey: "phs_secret",
    strictLocalEvaluation: true,
    sendFeatureFlagEvent: false,
    featureFlagsPollingInterval: INTERVAL_MS,
    async fetch(_url, options) {
      requests += 1;
      const etag = `"${version}"`;
      const headers = new Headers(options.headers as Record<string, string>);
      if (headers.get("if-none-match") === etag) return new Response(null, { status: 304 });
      return new Response(definitions(`v${version}`), { headers: { etag } });
    },
  });
  /** Sets the wall clock only. */
  const shift = (byMs: number): void => void vi.setSystemTime(Date.now() + byMs);
  try {
    await vi.advanceTimersByTimeAsync(STEP_MS);
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
      const value = await client.getFeatureFlag("flag", "alice");
      if (value !== `v${version}`) longestMs = Math.max(longestMs, elapsedMs - changedAtMs);
    }
    const ending = client.shutdown();
    await vi.advanceTimersByTimeAsync(STEP_MS);
    await ending;
  } finally {
    vi.useRealTimers();
  }
  const usual = (hours * HOUR_MS) / INTERVAL_MS;
  expect(longestMs).toBeLessThanOrEqual(2 * INTERVAL_MS);
  expect(requests).toBeLessThanOrEqual(2 * usual);
  expect(requests).toBeGreaterThanOrEqual(usual / 2);
}
