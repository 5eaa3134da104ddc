import type { AssignmentLogger } from "@sortition/core/internal";
import { createClient } from "@sortition/node";
import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { describe, expect, it, vi } from "vitest";
import { redis } from "../../src/index.js";
import { createOutbox } from "../../src/outbox/outbox.js";
import { createStickyBuckets } from "../../src/sticky/sticky-buckets.js";
import { assignment } from "../support/events.js";
import { createTestHost } from "../support/fleet-services.js";
import { timed } from "../support/timed.js";
import { TIMINGS, Vendor } from "../worker/fleet-world.js";

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
    const sticky = createStickyBuckets(host);
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
    it("reports sticky assignments that Redis was sent", async () => {
      await using server = await startRedis();
      const host = createTestHost(server.url, { commandTimeoutMs: 20_000 });
      const warn = vi.spyOn(host.diagnostics, "warn");
      const sticky = createStickyBuckets(host, { flushMs: 1 });
      await host.link.settled();
      server.pause();
      const assignments = { experiment: "1" };
      void sticky.saveAssignments({ attributeName: "id", attributeValue: "alice", assignments });
      await sticky.close({ timeoutMs: 100 });
      const facts = { part: "sticky", reason: "closed", count: 1 };
      expect(warn).toHaveBeenCalledWith("sticky assignments dropped", facts);
      host.close();
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
