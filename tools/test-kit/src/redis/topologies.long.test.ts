import { describe, expect, it } from "vitest";
import { startCluster } from "./cluster.js";
import { startSentinel } from "./sentinel.js";
import { hasRedis } from "./server.js";

describe.skipIf(!hasRedis).concurrent("topologies of Redis", () => {
  it("startCluster starts three masters, and moves slots with their keys", async () => {
    await using cluster = await startCluster();
    const from = await cluster.ownerOf("{a}:1");
    await cluster.nodes[from]?.command("SET", "{a}:1", "x");
    const to = (from + 1) % 3;
    await cluster.moveSlotOf("{a}", to);
    expect(await cluster.ownerOf("{a}:1")).toBe(to);
    expect(await cluster.nodes[to]?.command("GET", "{a}:1")).toBe("x");
    await expect(cluster.nodes[from]?.command("GET", "{a}:1")).rejects.toThrow("MOVED");
  });

  it("startSentinel promotes the replica when the master is lost", async () => {
    await using sentinel = await startSentinel();
    await sentinel.master.command("SET", "a", "x");
    await sentinel.master.command("WAIT", 1, 1000);
    await expect(sentinel.replica.command("SET", "a", "y")).rejects.toThrow("READONLY");
    await sentinel.master.kill();
    await sentinel.promoted();
    expect(await sentinel.replica.command("GET", "a")).toBe("x");
    expect(await sentinel.replica.command("SET", "a", "y")).toBe("OK");
  });
});
