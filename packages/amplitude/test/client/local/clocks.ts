import type { FetchResult } from "@sortition/core/internal";
import { createFakeClock, seededRandom } from "@sortition/test-kit";
import { expect } from "vitest";
import { LocalEvaluationClient } from "../../../src/index.js";
import { amplitudeOrigin } from "../../../src/source.js";
import { flagOf } from "./flags.js";

const HOUR_MS = 3_600_000;
const STEP_MS = 1_000;
const INTERVAL_MS = 30_000;
const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };

/**
 * Runs a drop-in for some hours. The wall clock is set an hour forward or back and then corrected,
 * it drifts by 0.05%, and the process is frozen for up to an hour. Expects that no change is missed
 * for two intervals, and that there are at most twice the usual requests.
 */
export async function expectNothingMissed(hours: number, seed: number): Promise<void> {
  const random = seededRandom(seed);
  const clock = createFakeClock();
  let [skewMs, version, requests, changedAtMs, longestMs] = [0, 0, 0, 0, 0];
  const skewed = { ...clock, now: () => clock.now() + skewMs };
  const client = new LocalEvaluationClient("key", {
    loggerProvider: SILENT,
    clock: skewed,
    flagConfigPollingIntervalMillis: INTERVAL_MS,
    source: {
      ...amplitudeOrigin({ deploymentKey: "key", clock: skewed }),
      async fetchOnce(current): Promise<FetchResult> {
        requests += 1;
        const etag = `"${version}"`;
        if (current?.[0]?.etag === etag) return { kind: "unchanged" };
        const bytes = new TextEncoder().encode(JSON.stringify([flagOf("flag", `v${version}`)]));
        const facts = { part: "flags", etag, fetchedAtMs: skewed.now(), from: "network" } as const;
        return { kind: "payloads", payloads: [{ ...facts, bytes }] };
      },
    },
  });
  const starting = client.start();
  await clock.advance(STEP_MS);
  await starting;
  while (clock.monotonicMs() < hours * HOUR_MS) {
    const chance = random();
    if (chance < 0.002) skewMs = chance < 0.001 ? HOUR_MS : -HOUR_MS;
    else if (chance < 0.006) skewMs = 0;
    else if (chance < 0.007) clock.jump(random() * HOUR_MS);
    skewMs += 0.5;
    if (random() < 0.005) {
      version += 1;
      changedAtMs = clock.monotonicMs();
    }
    await clock.advance(STEP_MS);
    const value = client.evaluateV2({ user_id: "alice" })["flag"]?.value;
    if (value !== `v${version}`) longestMs = Math.max(longestMs, clock.monotonicMs() - changedAtMs);
  }
  client.stop();
  const usual = (hours * HOUR_MS) / INTERVAL_MS;
  expect(longestMs).toBeLessThanOrEqual(2 * INTERVAL_MS);
  expect(requests).toBeLessThanOrEqual(2 * usual);
  expect(requests).toBeGreaterThanOrEqual(usual / 2);
}
