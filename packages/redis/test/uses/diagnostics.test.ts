import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { describe, expect, it, vi } from "vitest";
import { readFleetStatus } from "../../src/fleet-status/read-fleet-status.js";
import { redis } from "../../src/index.js";
import { assignment } from "../support/events.js";

const PATIENCE_MS = 200_000;

describe.skipIf(!hasRedis)("diagnostics of a fleet whose server evicts keys", () => {
  it.each([
    { maxmemory: "100mb", policy: "noeviction", reported: 0 },
    { maxmemory: "0", policy: "allkeys-lru", reported: 0 },
    { maxmemory: "100mb", policy: "volatile-lru", reported: 2 },
    { maxmemory: "100mb", policy: "allkeys-lru", reported: 3 },
  ])(
    "report $reported kinds of keys that $policy evicts, with a limit of $maxmemory",
    async ({ maxmemory, policy, reported }) => {
      const args = ["--maxmemory", maxmemory, "--maxmemory-policy", policy];
      await using server = await startRedis({ args });
      const warn = vi.fn();
      const fleet = redis({
        ...{ redis: server.url, namespace: "test" },
        diagnostics: { debug() {}, info() {}, warn, error() {} },
      });
      const outbox = fleet.outbox({ logAssignment() {} });
      fleet.stickyBuckets();
      outbox.logAssignment(assignment("a"));
      await vi.waitFor(() => expect(outbox.stats().consumer.delivered).toBe(1), PATIENCE_MS);
      const kinds = warn.mock.calls.map(([message, facts]) => [
        message,
        facts.policy,
        facts.keys.length,
      ]);
      expect(kinds).toEqual(reported === 0 ? [] : [["Redis may evict keys", policy, reported]]);
      const { eviction } = await readFleetStatus({ redis: server.url, namespace: "test" });
      expect(eviction).toEqual(reported === 0 ? [] : [policy]);
      await fleet.close();
    },
  );
});

describe.skipIf(!hasRedis)("diagnostics of a fleet that throw and reject", () => {
  it("end neither the deliveries of an outbox nor the process", async () => {
    await using server = await startRedis();
    const reject = () => Promise.reject(new Error("no diagnostics"));
    // The report of the start of an outage throws, and the report of its end rejects.
    const warn = vi.fn(reject).mockImplementationOnce(() => {
      throw new Error("no diagnostics");
    });
    const fleet = redis({
      ...{ redis: server.url, namespace: "test" },
      diagnostics: { debug() {}, info: reject, warn, error: warn },
    });
    const logged: string[] = [];
    const logAssignment = ({ subject }: { readonly subject: string }): void =>
      void logged.push(subject);
    const outbox = fleet.outbox({ name: "warehouse", logAssignment });
    outbox.logAssignment(assignment("a"));
    await vi.waitFor(() => expect(logged).toEqual(["a"]), PATIENCE_MS);
    await server.kill();
    await vi.waitFor(() => expect(warn).toHaveBeenCalled(), PATIENCE_MS);
    await server.start();
    outbox.logAssignment(assignment("b"));
    await vi.waitFor(() => expect(logged).toContain("b"), PATIENCE_MS);
    // Redis may have stopped before it learned that "a" was delivered. Then "a" is delivered again.
    expect(new Set(logged)).toEqual(new Set(["a", "b"]));
    await vi.waitFor(() => expect(warn.mock.calls.length).toBeGreaterThan(1), PATIENCE_MS);
    await fleet.close();
  });
});
