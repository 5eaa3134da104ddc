import { startRedis } from "@sortition/test-kit/redis";
import { expect, it } from "vitest";
import { aclRules } from "../../acl.js";
import { Fleet, TIMINGS } from "../../support/fleet.js";
import { userWith } from "../../support/limited-user.js";
import { serverVersion } from "../../support/server-version.js";
import { countByWorker, noiseMs, wait } from "../../support/times.js";

const { pollIntervalMs, tickMs } = TIMINGS;
const [major, minor, name] = serverVersion();
const isFrom72 = major > 7 || (major === 7 && minor >= 2);

/** Declares scenarios of missing permissions. */
export function rightsScenarios(): void {
  it("redis §6 fault 16: without channels, workers publish, follow by ticks, and report it", async () => {
    await using server = await startRedis();
    const target = await userWith(server, "~* +@all resetchannels");
    await using fleet = await Fleet.start({ workers: 2, server, target });
    await fleet.leader();
    const version = fleet.vendor.change();
    await fleet.until("published", () =>
      fleet.workers.some((worker) => worker.version === version),
    );
    const publishedMs = fleet.now();
    const appliedMs = await fleet.untilAll(version);
    expect(appliedMs - publishedMs).toBeLessThan(1.2 * tickMs + noiseMs());
    for (const worker of fleet.workers) {
      expect((await worker.status()).fleet.pubsub).toBe("denied");
      expect(worker.logged("pub/sub denied, ticking only")).toHaveLength(1);
    }
    const published = fleet.workers.flatMap((worker) => worker.logged("configuration published"));
    expect(published.map(({ facts }) => facts)).toContainEqual(
      expect.objectContaining({ receivers: -1 }),
    );
    expect(await fleet.finish()).toEqual([]);
  });

  it.each([
    { without: "keys", rules: "~other:* &* +@all" },
    { without: "EVAL", rules: "~* &* +@all -eval -evalsha" },
  ])(
    "redis §6 fault 17: without $without, each worker polls at its own pace",
    async ({ rules }) => {
      await using server = await startRedis();
      const target = await userWith(server, rules);
      await using fleet = await Fleet.start({ workers: 2, server, target });
      // The second request of a process loads undici, which takes a while on a busy machine.
      await fleet.until("second polls", () => {
        const counts = [...countByWorker(fleet.polls()).values()];
        return counts.length === 2 && Math.min(...counts) >= 2;
      });
      const fromMs = fleet.now();
      await wait(2.5 * pollIntervalMs);
      for (const count of countByWorker(fleet.polls(fromMs)).values()) {
        expect(count).toBeLessThanOrEqual(fleet.mostPolls(fromMs));
      }
      for (const [worker, role] of await fleet.roles()) {
        expect(role).toBe("direct");
        expect((await worker.status()).fleet.lastError?.code).toMatch(
          /^SORTITION_REDIS_(DENIED|SCR)/,
        );
      }
      expect(await fleet.finish({ soleRole: null })).toEqual([]);
    },
  );

  it("redis §6 fault 17: a worker that may only read follows while another one leads", async () => {
    await using server = await startRedis();
    const target = await userWith(server, "%R~* &* +@all");
    await using fleet = await Fleet.start({ workers: 1, server });
    await fleet.leader();
    const [reader] = await fleet.add(1, { target });
    await fleet.untilAll(1);
    await fleet.untilAll(fleet.vendor.change());
    expect(fleet.polls().filter(({ worker }) => worker === reader?.id)).toEqual([]);
    await (await fleet.leader()).kill();
    await fleet.untilAll(fleet.vendor.change());
    expect(fleet.polls().filter(({ worker }) => worker === reader?.id)).not.toEqual([]);
    expect(await fleet.finish({ soleRole: null })).toEqual([]);
  });

  it("redis §6 fault 17: a worker whose endpoint is a replica follows while another one leads", async () => {
    await using server = await startRedis();
    const args = [
      "--replicaof",
      server.host,
      String(server.port),
      "--repl-diskless-sync-delay",
      "0",
    ];
    await using replica = await startRedis({ args });
    await using fleet = await Fleet.start({ workers: 1, server });
    await fleet.leader();
    await fleet.until("the replica has the configuration", async () => {
      return /master_link_status:up/.test(String(await replica.command("INFO", "replication")));
    });
    const [reader] = await fleet.add(1, { target: { kind: "url", url: replica.url } });
    await fleet.untilAll(1);
    await fleet.untilAll(fleet.vendor.change());
    expect(fleet.polls().filter(({ worker }) => worker === reader?.id)).toEqual([]);
    await (await fleet.leader()).kill();
    await fleet.untilAll(fleet.vendor.change());
    expect(fleet.polls().filter(({ worker }) => worker === reader?.id)).not.toEqual([]);
    expect(await fleet.finish({ soleRole: null })).toEqual([]);
  });

  const minimal = async (rules: readonly string[]): Promise<void> => {
    await using server = await startRedis();
    const target = await userWith(server, rules.join(" "));
    await using fleet = await Fleet.start({ workers: 3, server, target });
    await (await fleet.leader()).kill();
    await fleet.leader();
    await server.command("SCRIPT", "FLUSH");
    await fleet.untilAll(fleet.vendor.change());
    for (const worker of fleet.present) {
      const isOn = async (): Promise<boolean> => (await worker.status()).fleet.pubsub === "on";
      await fleet.until("pushes", isOn);
      expect((await worker.status()).fleet.counters["redisErrors"]).not.toHaveProperty(
        "SORTITION_REDIS_DENIED",
      );
    }
    expect(await fleet.finish()).toEqual([]);
    const log = await server.command("ACL", "LOG");
    expect(log).toEqual([]);
  };
  it("redis §6 fault 18: the minimal permissions are enough", () => minimal(aclRules(["source"])));
  it.skipIf(!isFrom72)(
    `redis §6 fault 18: the minimal permissions are enough on Redis 7.2 or newer (this is ${major}.${minor}; set REDIS_SERVER_BIN)`,
    () => minimal([...aclRules(["source"]), "+client|setinfo"]),
  );
  it.skipIf(name !== "valkey")(
    `redis §6 fault 18: the minimal permissions are enough on Valkey (this is ${name}; set REDIS_SERVER_BIN)`,
    () => minimal(aclRules(["source"])),
  );
}
