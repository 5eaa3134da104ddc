import type { AssignmentLogger } from "@sortition/core/internal";
import { createClient } from "@sortition/node";
import { hasRedis, startRedis, startTcpProxy } from "@sortition/test-kit/redis";
import { describe, expect, it, vi } from "vitest";
import { createDedupe } from "../../src/dedupe/dedupe.js";
import { redis } from "../../src/index.js";
import { createOutbox } from "../../src/outbox/outbox.js";
import { RedisStickyBuckets } from "../../src/sticky/sticky-buckets.js";
import { assignment } from "../support/events.js";
import { createTestHost } from "../support/fleet-services.js";
import { timed } from "../support/timed.js";
import { TIMINGS, Vendor } from "../worker/fleet-world.js";
import { outboxCounts } from "./outbox-counts.js";

/** Generous for slow machines; passing tests never wait this long. */
const PATIENCE = { timeout: 200_000 };
/** A port without a listener. */
const NOWHERE = "redis://127.0.0.1:1";
const SUBJECTS: readonly string[] = Array.from({ length: 50 }, (_, i) => `subject-${i}`);

function recorder(): { readonly logged: string[]; readonly logger: AssignmentLogger } {
  const logged: string[] = [];
  return {
    logged,
    logger: { name: "warehouse", logAssignment: ({ subject }) => void logged.push(subject) },
  };
}

describe("redis §6 fault 65: a use that closes while Redis is down", () => {
  it("passes the exposures of an outbox to its logger, and reports their number", async () => {
    const host = createTestHost(NOWHERE);
    const warn = vi.spyOn(host.diagnostics, "warn");
    const { logged, logger } = recorder();
    const outbox = createOutbox(host, logger);
    for (const subject of SUBJECTS) outbox.logAssignment(assignment(subject));
    expect(await outbox.close({ timeoutMs: 2_000 })).toMatchObject({ ok: true, delivered: 50 });
    expect(logged).toEqual(SUBJECTS);
    expect(warn).toHaveBeenCalledWith("exposures handed over without the outbox", {
      part: "outbox",
      count: 50,
    });
    host.close();
  });

  it("reports the exposures of an outbox that does not deliver in this process", async () => {
    const host = createTestHost(NOWHERE);
    const { logged, logger } = recorder();
    const outbox = createOutbox(host, logger, { deliver: false });
    for (const subject of SUBJECTS) outbox.logAssignment(assignment(subject));
    expect(await outbox.close({ timeoutMs: 200 })).toMatchObject({ ok: false, pending: 50 });
    expect(logged).toEqual([]);
    expect(outbox.stats()).toMatchObject({ dropped: 50, buffered: 0 });
    expect(host.reports.filter((line) => line.startsWith("warn events dropped"))).toHaveLength(1);
    host.close();
  });

  it("counts exposures that the logger refuses as failed", async () => {
    const host = createTestHost(NOWHERE);
    const outbox = createOutbox(host, {
      name: "warehouse",
      logAssignment: () => Promise.reject(new Error("no")),
    });
    outbox.logAssignment(assignment("alice"));
    expect(await outbox.close({ timeoutMs: 2_000 })).toMatchObject({ failed: 1, pending: 0 });
    host.close();
  });

  it("reports sticky assignments that could not be saved", async () => {
    const host = createTestHost(NOWHERE);
    const sticky = new RedisStickyBuckets(host);
    const assignments = { experiment: "1" };
    void sticky.saveAssignments({ attributeName: "id", attributeValue: "alice", assignments });
    await sticky.close({ timeoutMs: 100 });
    expect(host.reports).toContain("warn sticky assignments dropped");
    host.close();
  });
});

describe.skipIf(!hasRedis)(
  "redis §6 fault 65: a use that closes while Redis does not reply",
  () => {
    it("reports sticky assignments that it may have as unconfirmed, not as lost", async () => {
      await using server = await startRedis();
      const host = createTestHost(server.url, { commandTimeoutMs: 20_000 });
      const warn = vi.spyOn(host.diagnostics, "warn");
      const sticky = new RedisStickyBuckets(host, { flushMs: 1 });
      await host.link.settled();
      server.pause();
      const assignments = { experiment: "1" };
      void sticky.saveAssignments({ attributeName: "id", attributeValue: "alice", assignments });
      await sticky.close({ timeoutMs: 100 });
      const facts = { part: "sticky unconfirmed", reason: "unconfirmed", count: 1 };
      expect(warn).toHaveBeenCalledTimes(1);
      expect(warn).toHaveBeenCalledWith("sticky assignments may be lost", facts);
      host.close();
    });

    /** Logs an exposure over a connection that loses the reply of Redis. */
    const loseReply = async () => {
      const server = await startRedis();
      const proxy = await startTcpProxy(server.port);
      const host = createTestHost(proxy.url, { commandTimeoutMs: 20_000 });
      const outbox = createOutbox(host, recorder().logger, { flushMs: 1, deliver: false });
      outbox.logAssignment(assignment("first"));
      expect(await outbox.flush({ timeoutMs: 20_000 })).toMatchObject({ ok: true });
      proxy.cut(0);
      outbox.logAssignment(assignment("alice"));
      await expect.poll(async () => (await outboxCounts(server)).appended, PATIENCE).toBe(2);
      return { host, outbox, proxy, server };
    };

    it("counts an exposure of an outbox that Redis may have as unconfirmed, not as lost", async () => {
      const { host, outbox, proxy, server } = await loseReply();
      const warn = vi.spyOn(host.diagnostics, "warn");
      await outbox.close({ timeoutMs: 200 });
      const stats = outbox.stats();
      expect(stats.droppedBy).toMatchObject({ unconfirmed: 1, closed: 0, downstream: 0 });
      expect(stats).toMatchObject({ accepted: 2, delivered: 1, dropped: 1, buffered: 0 });
      expect(host.counters.outbox[0]?.()).toMatchObject({ dropped: 0, unconfirmed: 1 });
      const messages = warn.mock.calls.map(([message]) => message);
      expect(messages).toContain("events may be lost");
      expect(messages).not.toContain("events dropped");
      host.close();
      await proxy.close();
      await server.close();
    });

    it("finds out what Redis has if the connection is back before the time limit", async () => {
      const { host, outbox, proxy, server } = await loseReply();
      const closing = outbox.close({ timeoutMs: 100_000 });
      proxy.pass();
      expect(await closing).toMatchObject({ ok: true });
      expect(outbox.stats()).toMatchObject({ appended: 2, delivered: 2, dropped: 0 });
      expect(await outboxCounts(server)).toMatchObject({ appended: 2, left: 2 });
      host.close();
      await proxy.close();
      await server.close();
    });
  },
);

describe("redis §6 fault 65: a fleet whose last client has ended", () => {
  it("reports losses to that client's diagnostics until it is closed", async () => {
    const warnings: string[] = [];
    const warn = (message: string): void => void warnings.push(message);
    const fleet = redis(
      timed({ ...TIMINGS, redis: NOWHERE, namespace: "test", origin: new Vendor().origin }),
    );
    const client = createClient({
      source: fleet,
      diagnostics: { debug() {}, info() {}, warn, error() {} },
    });
    const outbox = fleet.outbox(recorder().logger, { deliver: false });
    await client.close();
    outbox.logAssignment(assignment("alice"));
    await fleet.close();
    expect(warnings).toContain("events dropped");
  });
});

describe.skipIf(!hasRedis)("redis §6 fault 65: a use that closes without time", () => {
  it("appends nothing to an outbox after it was reported as lost", async () => {
    await using server = await startRedis();
    const host = createTestHost(server.url);
    host.retain({ close: async () => {} }); // keeps the connection open
    const outbox = createOutbox(host, recorder().logger, { deliver: false });
    await host.link.settled();
    for (const subject of SUBJECTS) outbox.logAssignment(assignment(subject));
    await outbox.close({ timeoutMs: 1 });
    const { delivered, dropped, droppedBy } = outbox.stats();
    expect(delivered + dropped).toBe(SUBJECTS.length);
    await host.link.command("ping"); // whatever was sent before has been executed
    const { appended } = await outboxCounts(server);
    expect(appended).toBeGreaterThanOrEqual(delivered);
    expect(appended).toBeLessThanOrEqual(delivered + droppedBy.unconfirmed);
    host.close();
  });

  it("logs nothing without dedupe after it was reported as lost", async () => {
    await using server = await startRedis();
    const host = createTestHost(server.url);
    host.retain({ close: async () => {} }); // keeps the connection open
    const { logged, logger } = recorder();
    const dedupe = createDedupe(host, logger);
    await host.link.settled();
    for (const subject of SUBJECTS) dedupe.logAssignment(assignment(subject));
    await dedupe.close({ timeoutMs: 1 });
    const { delivered, dropped } = dedupe.stats();
    expect(delivered + dropped).toBe(SUBJECTS.length);
    await host.link.command("ping");
    expect(logged).toHaveLength(delivered);
    host.close();
  });
});

describe.skipIf(!hasRedis)("redis §6 fault 65: an outbox that closes while Redis works", () => {
  it("leaves its exposures in the stream", async () => {
    await using server = await startRedis();
    const host = createTestHost(server.url);
    const { logger } = recorder();
    const outbox = createOutbox(host, logger);
    await host.link.settled();
    for (const subject of SUBJECTS) outbox.logAssignment(assignment(subject));
    await outbox.close({ timeoutMs: 20_000 });
    expect(outbox.stats()).toMatchObject({ appended: 50, delivered: 50 });
    expect(host.reports).toEqual([]);
    host.close();
  });
});
