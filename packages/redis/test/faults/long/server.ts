import { startCluster, startRedis, startSentinel } from "@sortition/test-kit/redis";
import { expect, it } from "vitest";
import { aclRules } from "../../acl.js";
import { Fleet, KEYS, LASTING, TIMINGS } from "../../support/fleet.js";
import { busyMs, gapsOf, noiseMs, wait } from "../../support/times.js";

const { pollIntervalMs, tickMs } = TIMINGS;

/** Declares scenarios of faults of Redis servers. */
export function serverScenarios(): void {
  it("redis §6 fault 15: after the loss of any key or of the scripts, the next change reaches all workers", async () => {
    await using fleet = await Fleet.start({ workers: 4 });
    const { changed, ...keys } = KEYS;
    const losses = [
      ...Object.values(keys).map((key) => ["DEL", key]),
      ["SCRIPT", "FLUSH"],
      ["PUBLISH", changed, "nonsense"],
    ];
    for (const loss of losses) {
      await fleet.leader();
      await fleet.server.command(...loss);
      const changedMs = fleet.now();
      const reachedMs = await fleet.untilAll(fleet.vendor.change());
      const bound = pollIntervalMs + tickMs + noiseMs();
      expect([loss, Math.max(reachedMs - changedMs, bound)]).toEqual([loss, bound]);
    }
    expect(await fleet.finish()).toEqual([]);
  });

  it("redis §6 fault 23: evicted keys are restored under allkeys-lru", async () => {
    const args = ["--maxmemory", "3mb", "--maxmemory-policy", "allkeys-lru"];
    await using server = await startRedis({ args });
    await using fleet = await Fleet.start({ workers: 4, server });
    const padding = "x".repeat(1_000);
    const endMs = fleet.now() + 4_000;
    let count = 0;
    const press = async (): Promise<void> => {
      await server.command("SET", `foreign:${count++}`, padding);
    };
    while (fleet.now() < endMs) await press();
    await fleet.until("an eviction", async () => {
      for (let i = 0; i < 100; i++) await press();
      return !/evicted_keys:0\r/.test(String(await server.command("INFO", "stats")));
    });
    await fleet.untilAll(fleet.vendor.change());
    await server.command("DEL", KEYS.config);
    expect(await fleet.finish()).toEqual([]);
  });

  it.each([
    { what: "is killed", loses: false },
    { what: "is killed", loses: true },
    { what: "hangs, and then becomes a replica", loses: true },
  ])(
    "redis §6 fault 25: Sentinel promotes the replica when the master $what (last write lost: $loses)",
    async ({ loses, what }) => {
      await using sentinel = await startSentinel();
      const { master, name, replica, sentinels } = sentinel;
      // Reading both ports covers the data of a former master. A concurrent test may start its server on the port of a
      // killed one.
      let ports = [master.port, replica.port];
      await using fleet = await Fleet.start({
        workers: 4,
        server: master,
        target: { kind: "options", options: { sentinels, name } },
        observedPorts: () => ports,
        hasReplica: true,
      });
      await fleet.leader();
      if (loses) await replica.command("REPLICAOF", "127.0.0.1", 1);
      await fleet.untilAll(fleet.vendor.change());
      const isKilled = what === "is killed";
      if (isKilled) {
        ports = [replica.port];
        await master.kill();
      } else master.pause();
      const lostMs = fleet.now();
      await sentinel.promoted();
      await fleet.until("the version in the new master", async () => {
        // Sentinel closes the connections of a server that it promotes.
        const revision = Number(await replica.command("HGET", KEYS.config, "rev").catch(() => -1));
        return fleet.present.every((worker) => worker.revision === revision);
      });
      expect(fleet.now() - lostMs).toBeLessThan(8_000 + busyMs());
      if (!isKilled) {
        await fleet.untilAll(fleet.vendor.change());
        master.resume();
        await fleet.until("the former master is a replica", async () => {
          // Sentinel also closes the connections of the former master.
          const info = await master.command("INFO", "replication").catch(() => "");
          return /role:slave/.test(String(info));
        });
      }
      await fleet.leader();
      expect(await fleet.finish()).toEqual([]);
    },
  );

  it("redis §6 fault 26: a slot of a cluster moves during changes, with minimal permissions", async () => {
    await using cluster = await startCluster();
    const ports = cluster.nodes.map(({ port }) => port);
    const user = ["limited", "reset", "on", ">secret", ...aclRules(["source", "cluster"])];
    for (const node of cluster.nodes) await node.command("ACL", "SETUSER", ...user);
    await using fleet = await Fleet.start({
      workers: 4,
      server: nodeOf(cluster.nodes, 0),
      target: { kind: "cluster", ports, username: "limited", password: "secret" },
      options: LASTING,
      observedPorts: () => ports,
    });
    await fleet.leader();
    const fromMs = fleet.now();
    const owner = await cluster.ownerOf(KEYS.config);
    const changes = (async () => {
      for (let i = 0; i < 4; i++) await fleet.untilAll(fleet.vendor.change());
    })();
    for (let i = 1; i <= 6; i++) {
      await wait(400);
      await cluster.moveSlotOf(KEYS.config, (owner + i) % 3);
    }
    await changes;
    // A worker that lost the lease on a busy machine may have been polling.
    for (const { id } of fleet.workers) {
      const gaps = gapsOf(fleet.polls(fromMs).filter(({ worker }) => worker === id));
      expect(Math.min(...gaps)).toBeGreaterThan(0.9 * pollIntervalMs);
    }
    expect(fleet.polls(fromMs).length).toBeLessThanOrEqual(
      fleet.mostPolls(fromMs) + fleet.takeovers(fromMs),
    );
    for (const worker of await fleet.followers()) {
      expect((await worker.status()).fleet.counters["pushes"]).toBeGreaterThan(0);
    }
    expect(await fleet.finish()).toEqual([]);
  });

  it("redis §6 fault 26: the master of the slot is lost, and there is no replica", async () => {
    await using cluster = await startCluster();
    const ports = cluster.nodes.map(({ port }) => port);
    const owner = await cluster.ownerOf(KEYS.config);
    const server = nodeOf(cluster.nodes, owner);
    await using fleet = await Fleet.start({
      workers: 4,
      server,
      target: { kind: "cluster", ports },
      observedPorts: () => ports,
    });
    await fleet.leader();
    await server.kill();
    const version = fleet.vendor.change();
    await fleet.untilAll(version);
    for (const [, role] of await fleet.roles()) expect(role).toBe("direct");
    expect(await fleet.finish({ soleRole: null })).toEqual([]);
  });
}

function nodeOf<Node>(nodes: readonly Node[], index: number): Node {
  const node = nodes[index];
  if (node === undefined) throw new Error(`no node ${index}`);
  return node;
}
