import { createFakeClock, seededRandom, startTestServer } from "@sortition/test-kit";
import { expect } from "vitest";
import { init } from "../../src/index.js";

const HOUR_MS = 3_600_000;
const STEP_MS = 10_000;
const INTERVAL_MS = 30_000;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * The drop-in over so many hours. The wall clock is set an hour forward or back, and right again; it drifts by 0.05%; and the
 * process is frozen for up to an hour. No change is missed for two intervals, by at most twice the usual requests.
 */
export async function expectNothingMissed(hours: number, seed: number): Promise<void> {
  Reflect.deleteProperty(globalThis, Symbol.for("@sortition/eppo 0"));
  const random = seededRandom(seed);
  const flag = (value: string): string =>
    JSON.stringify({
      format: "SERVER",
      environment: { name: "Test" },
      flags: {
        flag: {
          key: "flag",
          enabled: true,
          variationType: "STRING",
          totalShards: 10_000,
          variations: { v: { key: "v", value } },
          allocations: [{ key: "all", doLog: false, splits: [{ variationKey: "v", shards: [] }] }],
        },
      },
    });
  let [skewMs, version, changedAtMs, longestMs] = [0, 0, 0, 0];
  const server = await startTestServer(() => ({
    kind: "answer",
    body: flag(`${version}`),
    headers: { etag: `"${version}"` },
  }));
  // The requests are real.
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
  const clock = createFakeClock({ settle });
  try {
    const client = await init({
      apiKey: "key",
      baseUrl: `${server.url}/api`,
      assignmentLogger: { logAssignment() {} },
      diagnostics: SILENT,
      clock: { ...clock, now: () => clock.now() + skewMs },
      random: seededRandom(seed + 1),
      pollingIntervalMs: INTERVAL_MS,
    });
    while (clock.monotonicMs() < hours * HOUR_MS) {
      const chance = random();
      if (chance < 0.02) skewMs = chance < 0.01 ? HOUR_MS : -HOUR_MS;
      else if (chance < 0.06) skewMs = 0;
      else if (chance < 0.07) clock.jump(random() * HOUR_MS);
      skewMs += 5;
      if (random() < 0.05) {
        version += 1;
        changedAtMs = clock.monotonicMs();
      }
      await clock.advance(STEP_MS);
      const value = client.getStringAssignment("flag", "alice", {}, "default");
      if (value === `${version}`) continue;
      longestMs = Math.max(longestMs, clock.monotonicMs() - changedAtMs);
    }
    await client.close();
    const usual = (hours * HOUR_MS) / INTERVAL_MS;
    expect(longestMs).toBeLessThanOrEqual(2 * INTERVAL_MS);
    expect(server.requests.length).toBeLessThanOrEqual(2 * usual);
    expect(server.requests.length).toBeGreaterThanOrEqual(usual / 2);
  } finally {
    await server.close();
  }
}
