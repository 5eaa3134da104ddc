import { fileURLToPath } from "node:url";
import {
  machineMs,
  startRedis,
  startTcpProxy,
  startVendor,
  startWorker,
} from "@sortition/test-kit/redis";
import { expect, it } from "vitest";
import { Fleet, NAMESPACE, TIMINGS } from "../../support/fleet.js";
import { busyMs, wait } from "../../support/times.js";

const ENTRY = fileURLToPath(new URL("../../support/short-program.ts", import.meta.url));
const PACKAGE = fileURLToPath(new URL("../../..", import.meta.url));
const VERSIONS = [5, 6] as const;

/** Declares scenarios of processes that end. */
export function exitScenarios(): void {
  const states = ["up", "down", "a black hole"] as const;
  it.each(
    [...states, "no Sentinel" as const].flatMap((state) =>
      VERSIONS.map((ioredis) => ({ state, ioredis })),
    ),
  )(
    "redis §6 fault 30: a short program exits by itself with Redis $state and ioredis $ioredis",
    async ({ ioredis, state }) => {
      const { end, evaluated, exitedMs } = await runProgram(state, ioredis, "init");
      expect(end).toEqual({ exitCode: 0, signal: null, stdout: "", stderr: "" });
      expect(evaluated["version"]).toBe(1);
      expect(exitedMs - evaluated.atMs).toBeLessThan(1_000 + busyMs());
    },
  );

  it.each([...states, "slow" as const])(
    "redis §6 fault 31: a top-level await of the start ends with Redis %s",
    async (state) => {
      const { end, evaluated } = await runProgram(state, 6, "wait");
      expect(end.exitCode).toBe(0);
      expect(evaluated["version"]).toBe(1);
    },
  );

  it("redis §6 fault 32: close() ends within 500 ms while Redis hangs, even if called twice", async () => {
    await using fleet = await Fleet.start({ workers: 2 });
    const leader = await fleet.leader();
    fleet.server.pause();
    await wait(50);
    const times = await Promise.all(
      fleet.workers.flatMap((worker) => [worker.close(), worker.close()]),
    );
    for (const ms of times) expect(ms).toBeLessThan(500 + busyMs());
    for (const worker of fleet.workers) {
      const closedMs = machineMs();
      void worker.ask("end").catch(() => {});
      const end = await worker.process.ended;
      expect(end).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
      expect(machineMs() - closedMs).toBeLessThan(500 + busyMs());
    }
    expect(leader.events.filter(({ name }) => name === "unhandled-rejection")).toEqual([]);
    fleet.server.resume();
  });

  it("redis §6 fault 32: close() ends within 500 ms during the start, while Redis hangs", async () => {
    await using server = await startRedis();
    server.pause();
    await using fleet = await Fleet.start({ workers: 2, server, isAsync: true });
    for (const worker of fleet.workers) {
      expect(await worker.close()).toBeLessThan(500 + busyMs());
      void worker.ask("end").catch(() => {});
      expect(await worker.process.ended).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    }
    server.resume();
  });
}

/** Runs a program that evaluates once, and then has nothing left to do. */
async function runProgram(
  state: "up" | "down" | "a black hole" | "slow" | "no Sentinel",
  ioredis: 5 | 6,
  start: "init" | "wait",
) {
  await using server = await startRedis();
  await using proxy = await startTcpProxy(server.port);
  await using vendor = await startVendor();
  if (state === "down" || state === "no Sentinel") await server.kill();
  if (state === "a black hole") proxy.blackHole();
  if (state === "slow") proxy.delay(100);
  const url = state === "down" ? server.url : proxy.url;
  const { host, port } = server;
  const fleet = {
    namespace: NAMESPACE,
    ...TIMINGS,
    ...(state === "no Sentinel" ? { redis: { sentinels: [{ host, port }], name: "main" } } : {}),
  };
  const worker = await startWorker({
    entry: ENTRY,
    cwd: PACKAGE,
    options: { url, vendorUrl: vendor.url, start, fleet },
    ...(ioredis === 5 ? { aliases: { ioredis: "ioredis5" } } : {}),
  });
  const evaluated = await worker.event(({ name }) => name === "evaluated");
  const end = await worker.ended;
  return { evaluated, end, exitedMs: machineMs() };
}
