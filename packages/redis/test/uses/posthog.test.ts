import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startTestServer } from "@sortition/test-kit";
import { hasRedis, startRedis, startWorker } from "@sortition/test-kit/redis";
import { describe, expect, it, vi } from "vitest";
import type { PostHogWorkerOptions } from "./posthog-worker.js";

const cwd = fileURLToPath(new URL("../..", import.meta.url));
const entry = fileURLToPath(new URL("posthog-worker.ts", import.meta.url));
const INTERVAL_MS = 500;
const WORKERS = 5;
/** Maximum wait. Generous for slow machines; passing tests never wait this long. */
const PATIENCE_MS = 200_000;

/** Creates definitions of one flag that assigns this variant to all users. */
function definitions(variant: string): string {
  const multivariate = { variants: [{ key: variant, rollout_percentage: 100 }] };
  const filters = { groups: [{ properties: [], rollout_percentage: 100 }], multivariate };
  return JSON.stringify({
    flags: [{ id: 1, key: "checkout", active: true, filters }],
    group_type_mapping: {},
    cohorts: {},
  });
}

/** Fault 40 of docs/spec/redis.md. */
describe.skipIf(!hasRedis)("fleet.flagDefinitionCache with posthog-node", () => {
  it("redis §6 fault 40: shares one poll per interval among five processes, even on an empty start", async () => {
    const server = await startRedis();
    let variant = "first";
    const vendor = await startTestServer(({ path, headers }) => {
      if (path !== "/flags/definitions") return { kind: "answer", body: "{}" };
      const etag = `"${variant}"`;
      return headers["if-none-match"] === etag
        ? { kind: "answer", status: 304, headers: { etag } }
        : { kind: "answer", headers: { etag }, body: definitions(variant) };
    });
    const polls = (): readonly number[] =>
      vendor.requests.filter(({ path }) => path === "/flags/definitions").map(({ atMs }) => atMs);
    const options: PostHogWorkerOptions = {
      ...{ redis: server.url, vendor: vendor.url, intervalMs: INTERVAL_MS },
    };
    const workers = await Promise.all(
      Array.from({ length: WORKERS }, () => startWorker({ entry, cwd, options })),
    );
    const values = (): Promise<readonly unknown[]> =>
      Promise.all(
        workers.filter(({ isRunning }) => isRunning).map((worker) => worker.ask("value")),
      );

    const ready = await Promise.all(workers.map((worker) => worker.ask("ready")));
    expect(ready).toEqual(workers.map(() => true));
    const [firstAtMs = 0] = polls();
    // The first one may be received late.
    const most = (): number => Math.ceil((performance.now() - firstAtMs) / (0.9 * INTERVAL_MS)) + 1;
    expect(polls().length).toBeLessThanOrEqual(most());
    expect(await values()).toEqual(workers.map(() => "first"));

    await wait(3 * INTERVAL_MS);
    variant = "second";
    await vi.waitFor(
      async () => expect(await values()).toEqual(workers.map(() => "second")),
      PATIENCE_MS,
    );
    workers[0]?.kill("SIGKILL");
    await wait(2 * INTERVAL_MS);

    // At most one per interval, whichever process sends it, whether or not the response is "not
    // modified".
    expect(polls().length).toBeLessThanOrEqual(most());
    await vi.waitFor(() => expect(polls().length).toBeGreaterThanOrEqual(5), PATIENCE_MS);
    variant = "third";
    await vi.waitFor(
      async () => expect(await values()).toEqual(Array(WORKERS - 1).fill("third")),
      PATIENCE_MS,
    );
    await Promise.all(workers.slice(1).map((worker) => worker.ask("close")));
    const faults = workers.flatMap(({ events }) => events.filter(({ name }) => name !== "started"));
    expect(faults).toEqual([]);
    for (const worker of workers) worker.kill("SIGKILL");
    await Promise.all(workers.map(({ ended }) => ended));
    await vendor.close();
    await server.close();
  });
});
