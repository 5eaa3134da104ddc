import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startTestServer } from "@sortition/test-kit";
import { hasRedis, type Monitor, startRedis, startWorker } from "@sortition/test-kit/redis";
import { describe, expect, it, vi } from "vitest";
import type { FlagWorkerOptions } from "./flag-worker.js";

const cwd = fileURLToPath(new URL("../..", import.meta.url));
const entry = fileURLToPath(new URL("flag-worker.ts", import.meta.url));
const INTERVAL_MS = 700;
const WORKERS = 8;

/** Definitions of one flag that assigns this variant to everyone. */
function definitions(variant: string): string {
  const multivariate = { variants: [{ key: variant, rollout_percentage: 100 }] };
  const filters = { groups: [{}], multivariate };
  const flags = [{ id: 1, key: "checkout", active: true, filters }];
  return JSON.stringify({ flags, group_type_mapping: {}, cohorts: {} });
}

/** Returns when Redis allowed a worker to request definitions, by Redis's clock, epoch ms. */
function claimsOf({ lines }: Monitor): readonly number[] {
  return lines.flatMap((line) => {
    const [, claim] = /"HSET" "\S+:fence" "n" "(\d+)"/.exec(line) ?? [];
    return claim === undefined ? [] : [Number(claim)];
  });
}

describe.skipIf(!hasRedis).each(["sortition", "posthog-node"] as const)(
  `${WORKERS} workers with the cache of a fleet and the client of %s`,
  (client) => {
    it("redis §6 fault 40: send one request for definitions per interval, even if the requesting worker dies", async () => {
      const server = await startRedis();
      const monitor = await server.monitor();
      let variant = "first";
      const posthog = await startTestServer(({ headers, path }) => {
        if (path !== "/flags/definitions") return { kind: "answer", body: "{}" };
        const etag = `"${variant}"`;
        return headers["if-none-match"] === etag
          ? { kind: "answer", status: 304, headers: { etag } }
          : { kind: "answer", headers: { etag }, body: definitions(variant) };
      });
      const requests = () => posthog.requests.filter(({ path }) => path === "/flags/definitions");
      const options: FlagWorkerOptions = {
        ...{ client, redis: server.url, host: posthog.url, intervalMs: INTERVAL_MS },
      };
      const workers = await Promise.all(
        Array.from({ length: WORKERS }, () => startWorker({ entry, cwd, options })),
      );
      const running = () => workers.filter(({ isRunning }) => isRunning);
      const haveAll = (value: string): Promise<unknown> =>
        vi.waitFor(async () => {
          const values = await Promise.all(running().map((worker) => worker.ask("value")));
          expect(values).toEqual(running().map(() => value));
        });

      const ready = await Promise.all(workers.map((worker) => worker.ask("ready")));
      expect(ready).toEqual(workers.map(() => true));
      await haveAll("first");
      await wait(2 * INTERVAL_MS);
      variant = "second";
      await haveAll("second");
      workers[0]?.kill("SIGKILL");
      await wait(2 * INTERVAL_MS);
      variant = "third";
      await haveAll("third");

      // Measured by Redis's clock at the decision, because on a busy machine a request may be received more than a
      // second later.
      const made = requests().length;
      expect(made).toBeGreaterThanOrEqual(4);
      await vi.waitFor(() => expect(claimsOf(monitor).length).toBeGreaterThanOrEqual(made));
      const claims = claimsOf(monitor);
      const gaps = claims.slice(1).map((atMs, i) => atMs - (claims[i] ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0.9 * INTERVAL_MS);
      // Unchanged definitions are confirmed and not sent again.
      const confirmed = () => requests().filter(({ headers }) => headers["if-none-match"]);
      await vi.waitFor(() => expect(confirmed()).not.toEqual([]));

      await Promise.all(running().map((worker) => worker.ask("close")));
      const faults = workers.flatMap(({ events }) =>
        events.filter(({ name }) => name !== "started"),
      );
      expect(faults).toEqual([]);
      for (const worker of workers) worker.kill("SIGKILL");
      await Promise.all(workers.map(({ ended }) => ended));
      await monitor.stop();
      await posthog.close();
      await server.close();
    });
  },
);
