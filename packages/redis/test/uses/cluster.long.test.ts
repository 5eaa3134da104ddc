import { hasRedis, startCluster } from "@sortition/test-kit/redis";
import ioredis from "ioredis";
import { describe, expect, it, vi } from "vitest";
import { redis } from "../../src/index.js";
import { assignment } from "../support/events.js";

describe.skipIf(!hasRedis)("the uses of a fleet on a cluster of three masters", () => {
  it("keep each pipeline and each script on one node", async () => {
    const cluster = await startCluster();
    const nodes = cluster.nodes.map(({ host, port }) => ({ host, port }));
    const fleet = redis({
      redis: (overrides) => new ioredis.Cluster(nodes, overrides),
      namespace: "test",
    });
    const ids: string[] = [];
    const delivered: string[] = [];
    const dedupe = fleet.dedupe({ logAssignment: ({ messageId }) => void ids.push(messageId) });
    const outbox = fleet.outbox({
      logAssignment: ({ messageId }) => void delivered.push(messageId),
    });
    const sticky = fleet.stickyBuckets();
    const cache = fleet.flagDefinitionCache<{ flags: { key: string }[] }>();
    const attributes = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`id${i}`, `${i}`]));

    expect(await cache.shouldFetchFlagDefinitions()).toBe(true);
    await cache.onFlagDefinitionsReceived({ flags: [{ key: "a" }] });
    expect(await cache.getFlagDefinitions()).toEqual({ flags: [{ key: "a" }] });

    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 1_000; i++) dedupe.logAssignment(assignment(`${i}`));
      expect(await dedupe.flush()).toMatchObject({ ok: true });
    }
    expect(ids).toHaveLength(1_000);
    expect(dedupe.stats()).toMatchObject({ asked: 2_000, suppressed: 1_000, unasked: 0 });

    for (let i = 0; i < 1_000; i++) outbox.logAssignment(assignment(`${i}`));
    expect(await outbox.flush()).toMatchObject({ ok: true });
    await vi.waitFor(() => expect(new Set(delivered).size).toBe(1_000), 200_000);

    await sticky.getAllAssignments(attributes);
    await Promise.all(
      Object.entries(attributes).map(([attributeName, attributeValue]) =>
        sticky.saveAssignments({ attributeName, attributeValue, assignments: { a__0: "1" } }),
      ),
    );
    expect(Object.keys(await sticky.getAllAssignments(attributes))).toHaveLength(50);
    await fleet.close();
    await cluster.close();
  });
});
