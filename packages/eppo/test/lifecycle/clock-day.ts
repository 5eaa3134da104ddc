import { setImmediate as nextTurn } from "node:timers/promises";
import { expectNothingMissed, INTERVAL_MS } from "@sortition/dialect-kit/source-contract";
import { createFakeClock, ownFetch, seededRandom } from "@sortition/test-kit";
import { vi } from "vitest";
import { type EppoClient, init } from "../../src/index.js";

const MAX_SETTLE_MS = 10_000;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const BASE_URL = "https://clock-day.flags.invalid/api";

function bodyOf(value: string): string {
  return JSON.stringify({
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
}

/** Runs the drop-in for some hours under clocks that jump, drift and freeze. */
export async function playClockDay(hours: number, seed: number): Promise<void> {
  Reflect.deleteProperty(globalThis, Symbol.for("@sortition/eppo 0"));
  let client: EppoClient | null = null;
  /** When the latest request began, in the format of the status. */
  let requestedAt: string | null = null;
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
  await expectNothingMissed({
    ...{ clock, hours, seed, stepMs: 10_000 },
    async open(respond) {
      const double = async (_: string, { headers: given }: RequestInit) => {
        requestedAt = new Date(clock.now()).toISOString();
        const { etag, value } = respond();
        const headers = { etag };
        const isSame = new Headers(given).get("if-none-match") === etag;
        return isSame
          ? new Response(null, { status: 304, headers })
          : new Response(bodyOf(value), { headers });
      };
      vi.stubGlobal("fetch", ownFetch(double, BASE_URL));
      const started = await init({
        apiKey: "key",
        baseUrl: BASE_URL,
        assignmentLogger: { logAssignment() {} },
        diagnostics: SILENT,
        clock,
        random: seededRandom(seed + 1),
        pollingIntervalMs: INTERVAL_MS,
      });
      client = started;
      return {
        value: () => started.getStringAssignment("flag", "alice", {}, "default"),
        close: () => started.close(),
      };
    },
  }).finally(() => vi.unstubAllGlobals());
}
