import type { AssignmentLogger } from "@sortition/core/internal";
import { hasRedis, type RedisServer, startRedis, startTcpProxy } from "@sortition/test-kit/redis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Appender } from "../../src/outbox/appender.js";
import type { StoredExposure } from "../../src/outbox/entry.js";
import { outboxKeys } from "../../src/outbox/keys.js";
import { outboxSettings } from "../../src/outbox/options.js";
import { createOutbox, type OutboxLogger } from "../../src/outbox/outbox.js";
import { OutboxStream } from "../../src/outbox/stream.js";
import { assignment } from "../support/events.js";
import { createTestHost, type TestHost, type TestHostOptions } from "../support/fleet-services.js";
import { outboxCounts } from "./outbox-counts.js";

/** Maximum wait. Generous for slow machines; passing tests never wait this long. */
const PATIENCE_MS = 200_000;
const NOBODY: AssignmentLogger = { name: "warehouse", logAssignment() {} };

describe.skipIf(!hasRedis)(
  "redis §6 fault 44: appends to an outbox over a slow connection to Redis",
  () => {
    let server: RedisServer;
    let host: TestHost;
    let outbox: OutboxLogger;
    const open = (url: string, options?: TestHostOptions): void => {
      host = createTestHost(url, options);
      outbox = createOutbox(host, NOBODY, { flushMs: 10, deliver: false });
    };

    beforeAll(async () => {
      server = await startRedis();
    });
    beforeEach(() => server.command("FLUSHALL"));
    afterEach(async () => {
      await outbox.close({ timeoutMs: 1_000 });
      host.close();
    });
    afterAll(() => server.close());

    it("appends each of 200 exposures of 20 kB once, although sending them takes twice the command timeout", async () => {
      await using proxy = await startTcpProxy(server.port);
      open(proxy.url);
      await vi.waitFor(() => expect(host.link.isReady).toBe(true), PATIENCE_MS);
      proxy.throttle(2_000_000);
      const subjectAttributes = { text: "x".repeat(20_000) };
      for (let i = 0; i < 200; i++) {
        outbox.logAssignment(assignment(`${i}`, { subjectAttributes }));
      }
      expect(await outbox.flush({ timeoutMs: PATIENCE_MS })).toMatchObject({ ok: true });
      expect(outbox.stats()).toMatchObject({ appended: 200, buffered: 0 });
      expect(await outboxCounts(server)).toMatchObject({ appended: 200, left: 200 });
      expect(host.reports).toEqual([]);
    });

    it("sends exposures that missed the deadline again in smaller calls", async () => {
      await using proxy = await startTcpProxy(server.port);
      // Appending exposures has five times this timeout, so 150 kB fit.
      open(proxy.url, { commandTimeoutMs: 100 });
      await vi.waitFor(() => expect(host.link.isReady).toBe(true), PATIENCE_MS);
      proxy.throttle(300_000);
      const subjectAttributes = { text: "x".repeat(20_000) };
      for (let i = 0; i < 20; i++) {
        outbox.logAssignment(assignment(`${i}`, { subjectAttributes }));
      }
      expect(await outbox.flush({ timeoutMs: PATIENCE_MS })).toMatchObject({ ok: true });
      expect(await outboxCounts(server)).toMatchObject({ appended: 20, left: 20 });
    });

    it("knows of each exposure whether Redis may have it", async () => {
      open(server.url);
      await vi.waitFor(() => expect(host.link.isReady).toBe(true), PATIENCE_MS);
      const keys = outboxKeys(host.settings.namespace);
      const settings = outboxSettings({ maxEntries: 1 });
      const appender = new Appender(new OutboxStream(host, keys, settings));
      const exposures = ["stored", "refused because the stream is full", "never sent"].map(
        (id): StoredExposure => ({ id, kind: "assignment", event: JSON.stringify(assignment(id)) }),
      );
      await appender.append(exposures.slice(0, 2));
      expect(exposures.map((it) => appender.abandon(it))).toEqual([true, false, false]);
    });

    it("does not append exposures again that Redis appended after the deadline", async () => {
      const own = await startRedis();
      open(own.url, { commandTimeoutMs: 200 });
      outbox.logAssignment(assignment("first"));
      expect(await outbox.flush()).toMatchObject({ ok: true });
      own.pause();
      for (const subject of ["a", "b", "c"]) outbox.logAssignment(assignment(subject));
      await vi.waitFor(() => expect(outbox.stats().failing).toBe(true), PATIENCE_MS);
      own.resume();
      expect(await outbox.flush({ timeoutMs: PATIENCE_MS })).toMatchObject({ ok: true });
      expect(outbox.stats()).toMatchObject({ appended: 4, delivered: 4, buffered: 0 });
      expect(await outboxCounts(own)).toMatchObject({ appended: 4, left: 4 });
      await own.close();
    });
  },
);
