import { spawn } from "node:child_process";
import { once } from "node:events";
import { hasRedis } from "@sortition/test-kit/redis";
import { describe, expect, it } from "vitest";
import { Fleet } from "../support/fleet.js";

const WORKERS = 40;
/** The production timings, but no poll is due during a test. */
const OPTIONS = {
  ...{ pollIntervalMs: 600_000, leaseMs: 15_000, tickMs: 10_000, claimMs: 12_000 },
  ...{ commandTimeoutMs: 1_000, connectTimeoutMs: 2_000, directAfterMs: 1_000 },
};
/** Time limit for the processes to become ready. */
const PATIENCE_MS = 200_000;

/** Starts two processes that compute endlessly. */
function startBusyLoops(): AsyncDisposable {
  const loops = [1, 2].map(() => spawn(process.execPath, ["--eval", "for (;;);"]));
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(
        loops.map(async (loop) => {
          loop.kill("SIGKILL");
          if (loop.exitCode === null && loop.signalCode === null) await once(loop, "exit");
        }),
      );
    },
  };
}

function startFleet(workers: number): Promise<Fleet> {
  const worker = { requestTimeoutMs: PATIENCE_MS };
  return Fleet.start({ workers, options: OPTIONS, worker, isAsync: workers > 1 });
}

describe.skipIf(!hasRedis)(
  "redis §6 fault 42: 40 workers start at once next to two busy loops",
  () => {
    it("redis §6 fault 2: on an empty Redis, they make one request to the vendor", async () => {
      await using _ = startBusyLoops();
      await using fleet = await startFleet(WORKERS);
      await fleet.untilAll(1, PATIENCE_MS);
      expect(fleet.polls().length).toBeLessThanOrEqual(2);
    });

    it("with a stored configuration, they make no request", async () => {
      await using fleet = await startFleet(1);
      await using _ = startBusyLoops();
      await fleet.add(WORKERS);
      await fleet.untilAll(1, PATIENCE_MS);
      expect(fleet.polls()).toHaveLength(1);
    });
  },
);
