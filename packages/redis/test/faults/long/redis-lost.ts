import { startRedis } from "@sortition/test-kit/redis";
import { expect, it } from "vitest";
import { Fleet, TIMINGS } from "../../support/fleet.js";
import { busyMs, countByWorker, wait } from "../../support/times.js";

const { pollIntervalMs } = TIMINGS;

/** Declares scenarios of a lost Redis. */
export function lostRedisScenarios(): void {
  it("redis §6 fault 11: each worker polls at most once per interval if Redis is down at the start", async () => {
    await using server = await startRedis();
    await server.kill();
    await using fleet = await Fleet.start({ workers: 3, server, isAsync: true });
    const createdMs = await Promise.all(
      fleet.workers.map(async (worker) => (await worker.event("created")).atMs),
    );
    const readyMs = await fleet.untilAll(1);
    expect(readyMs - Math.max(...createdMs)).toBeLessThan(2_000 + busyMs());
    const fromMs = fleet.now();
    await wait(2.5 * pollIntervalMs);
    for (const count of countByWorker(fleet.polls(fromMs)).values()) {
      expect(count).toBeLessThanOrEqual(fleet.mostPolls(fromMs));
    }
    expect(new Set((await fleet.roles()).map(([, role]) => role))).toEqual(new Set(["direct"]));

    await server.start();
    await fleet.leader();
    await wait(2 * pollIntervalMs);
    await fleet.untilShared();
    expect(await fleet.finish()).toEqual([]);
  });

  it("redis §6 fault 29: foreign keys and other namespaces are left alone", async () => {
    await using server = await startRedis();
    const names = Array.from({ length: 1_000 }, (_, i) => `foreign:${i}`);
    for (const name of names) await server.command("SET", name, `value of ${name}`);
    await server.command("HSET", "sortition:{other}:v1:config", "rev", "7", "sha", "x");
    await server.command("SET", "sortition:{other}:v1:lease", "somebody");
    const dump = async (): Promise<string> => {
      const all = [...names, "sortition:{other}:v1:config", "sortition:{other}:v1:lease"];
      const dumps = await Promise.all(all.map((name) => server.commandBuffer("DUMP", name)));
      return dumps.map((reply) => (reply as Buffer).toString("base64")).join("\n");
    };
    const before = await dump();
    const monitor = await server.monitor();
    await using fleet = await Fleet.start({ workers: 3, server });
    await (await fleet.leader()).kill();
    await fleet.leader();
    await server.command("SCRIPT", "FLUSH");
    expect(await fleet.finish()).toEqual([]);
    await monitor.stop();
    expect((await dump()) === before).toBe(true);
    // Lines of the fleet, not of the test.
    const lines = monitor.lines.filter((line) => !/"(DUMP|HMGET|script|SCRIPT)"/.test(line));
    expect(lines.filter((line) => /foreign|\{other\}/.test(line))).toEqual([]);
    expect(lines.filter((line) => /"(keys|scan|flush\w*|config)"/i.test(line))).toEqual([]);
  });
}
