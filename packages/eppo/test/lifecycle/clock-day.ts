import { setImmediate as nextTurn } from "node:timers/promises";
import { createFakeClock, seededRandom } from "@sortition/test-kit";
import { expect, vi } from "vitest";
import { type EppoClient, init } from "../../src/index.js";

const HOUR_MS = 3_600_000;
const STEP_MS = 10_000;
const INTERVAL_MS = 30_000;
const MAX_SETTLE_MS = 10_000;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Runs the drop-in for some hours. The wall clock is set an hour forward or back and then
 * corrected, it drifts by 0.05%, and the process is frozen for up to an hour. Expects that no
 * change is missed for two intervals, and that there are at most twice the usual requests.
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
  let [skewMs, version, requests, changedAtMs, longestMs] = [0, 0, 0, 0, 0];
  let client: EppoClient | null = null;
  /** When the latest request began, in the format of the status. */
  let requestedAt: string | null = null;
  vi.stubGlobal("fetch", async (_: unknown, { headers }: RequestInit) => {
    requests += 1;
    requestedAt = new Date(clock.now() + skewMs).toISOString();
    const etag = `"${version}"`;
    if (new Headers(headers).get("if-none-match") === etag) {
      return new Response(null, { status: 304, headers: { etag } });
    }
    return new Response(flag(`${version}`), { headers: { etag } });
  });
  // A response is read and compiled in real time. The clock stands still until then, however busy
  // the machine is.
  const settle = async (): Promise<void> => {
    const latestMs = performance.now() + MAX_SETTLE_MS;
    do await nextTurn();
    while (
      client !== null &&
      client.status.lastSuccessAt !== requestedAt &&
      performance.now() < latestMs
    );
  };
  const clock = createFakeClock({ settle });
  try {
    client = await init({
      apiKey: "key",
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
    expect(requests).toBeLessThanOrEqual(2 * usual);
    expect(requests).toBeGreaterThanOrEqual(usual / 2);
  } finally {
    vi.unstubAllGlobals();
  }
}
