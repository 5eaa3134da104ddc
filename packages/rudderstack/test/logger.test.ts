import Analytics from "@rudderstack/rudder-sdk-node";
import { type Collector, startCollector, watchBusyMachine } from "@sortition/test-kit";
import { assignment } from "@sortition/test-kit/logger-contract";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type BufferedLogger,
  type RudderstackLoggerOptions,
  rudderstackLogger,
} from "../src/index.js";
import { startHoldingServer } from "./support/holding-server.js";

type AssignmentEvent = Parameters<BufferedLogger["logAssignment"]>[0];

function log(logger: BufferedLogger, count: number): void {
  for (let i = 0; i < count; i++) {
    // The sample events have every member that a client's event has.
    logger.logAssignment(assignment(`subject-${i}`) as unknown as AssignmentEvent);
  }
}

describe("rudderstackLogger", () => {
  let collector: Collector;

  beforeEach(async () => {
    collector = await startCollector();
  });
  afterEach(() => collector.close());

  it.each([
    { options: {}, option: "writeKey" },
    { options: { writeKey: " ", dataPlaneUrl: "x" }, option: "writeKey" },
    { options: { writeKey: "key" }, option: "dataPlaneUrl" },
    { options: { writeKey: '"key"', dataPlaneUrl: "x" }, option: "writeKey" },
    { options: { writeKey: "key ", dataPlaneUrl: "x" }, option: "writeKey" },
    { options: { writeKey: "key", flushat: 3 }, option: "flushat" },
    { options: { writeKey: "key", dataPlaneUrl: "x", flushAt: 501 }, option: "flushAt" },
    { options: { writeKey: "key", overflow: "block" }, option: "overflow" },
    {
      options: { writeKey: "key", includeSubjectAttributes: 7 },
      option: "includeSubjectAttributes",
    },
    { options: { analytics: {} }, option: "analytics" },
    { options: { analytics: undefined }, option: "analytics" },
    { options: { writeKey: "key", dedupe: "week" }, option: "dedupe" },
    { options: { writeKey: "key", eventName: 7 }, option: "eventName" },
    { options: { writeKey: "key", mapAssignment: {} }, option: "mapAssignment" },
    { options: { writeKey: "key", mapBandit: "x" }, option: "mapBandit" },
    { options: { analytics: null }, option: "analytics" },
    { options: { writeKey: "key", dataPlaneUrl: "x", path: 5 }, option: "path" },
    { options: undefined, option: "options" },
  ])("rejects the option $option", ({ options, option }) => {
    // A caller without types may pass anything.
    expect(() => rudderstackLogger(options as unknown as RudderstackLoggerOptions)).toThrow(
      expect.objectContaining({ code: "SORTITION_OPTION", option }),
    );
  });

  it.each([
    { has: false, warnings: 1, because: "its failures would end the process" },
    { has: true, warnings: 0, because: "its failures are handled" },
  ])("reports $warnings warnings about an instance, because $because", ({ has, warnings }) => {
    const reports: string[] = [];
    const analytics = new Analytics("key", has ? { errorHandler: () => {} } : {});
    const note = (message: string): void => void reports.push(message);
    const diagnostics = { debug: note, info: note, warn: note, error: note };
    rudderstackLogger({ analytics, diagnostics });
    expect(reports).toHaveLength(warnings);
  });

  it("keeps the queue of the library short", async () => {
    const flushAt = 4;
    const analytics = new Analytics("key", {
      dataPlaneUrl: collector.url,
      flushAt,
      errorHandler: () => {},
      logLevel: "none",
    });
    collector.answer({ kind: "hang" });
    const logger = rudderstackLogger({ analytics, flushAt });
    log(logger, 300);
    await vi.waitFor(() => {
      expect(logger.stats()).toMatchObject({ buffered: 300, inFlight: 200 });
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(logger.stats()).toMatchObject({ buffered: 300, inFlight: 200 });
    await logger.close({ timeoutMs: 10 });
  });

  describe("loggers §5 fault 23: with responses that take 300 ms", () => {
    const EVENTS = 1_000;
    const settings = { errorHandler: () => {}, logLevel: "none" } as const;

    /** Milliseconds that the library alone takes. */
    async function timeOfLibrary(): Promise<number> {
      const analytics = new Analytics("key", { dataPlaneUrl: collector.url, ...settings });
      const startedAtMs = performance.now();
      const delivered = Array.from({ length: EVENTS }, (_, i) => {
        const properties = assignment(`subject-${i}`);
        // The library's types require an anonymousId and typed properties, but the library needs neither.
        const message = { userId: `subject-${i}`, event: "Assigned", properties } as never;
        return new Promise<void>((resolve) => void analytics.track(message, () => resolve()));
      });
      void analytics.flush();
      await Promise.all(delivered);
      return performance.now() - startedAtMs;
    }

    async function timeOf(logger: BufferedLogger): Promise<number> {
      const startedAtMs = performance.now();
      log(logger, EVENTS);
      expect(await logger.flush({ timeoutMs: 20_000 })).toMatchObject({ delivered: EVENTS });
      return performance.now() - startedAtMs;
    }

    it("sends whole batches in many simultaneous requests", async () => {
      collector.answer({ kind: "ok", afterMs: 300 });
      const logger = rudderstackLogger({ writeKey: "key", dataPlaneUrl: collector.url });
      using busy = watchBusyMachine();
      await timeOf(logger);
      const answeredMs = busy.boundMs(300);
      const times = collector.requests.map(({ atMs }) => atMs);
      const inFlight = times.map(
        (time) => times.filter((it) => it <= time && it > time - answeredMs).length,
      );
      expect(Math.max(...inFlight)).toBeGreaterThanOrEqual(25);
      // Fifty batches of 20. The first event of each instance is sent alone.
      expect(times.length).toBeLessThanOrEqual(2 * (EVENTS / 20));
      await logger.close();
    });

    it("has as many requests in flight with the user's instance as the library alone", async () => {
      const flushAt = 4;
      const count = 50 * flushAt;
      const [first, inFlight] = [1, count / flushAt];
      await using held = await startHoldingServer();
      const create = () =>
        new Analytics("key", { dataPlaneUrl: held.url, flushAt, gzip: false, ...settings });
      const takes = async (start: () => void): Promise<number> => {
        start();
        // The first event of an instance is sent alone, and the others wait for its response.
        await vi.waitFor(() => expect(held.waiting).toBe(first), 20_000);
        held.answer();
        await vi.waitFor(() => expect(held.events).toBe(count - 1), 20_000);
        return held.waiting;
      };
      const library = create();
      const alone = await takes(() => {
        for (let i = 0; i < count; i++) library.track({ userId: `user-${i}`, event: "Assigned" });
      });
      held.answer();
      const logger = rudderstackLogger({ analytics: create(), flushAt });
      const throughLogger = await takes(() => log(logger, count));
      expect([alone, throughLogger]).toEqual([inFlight, inFlight]);
      held.answer();
      expect(await logger.flush()).toMatchObject({ ok: true, pending: 0 });
      await logger.close();
    });

    it("is as fast as its library", async () => {
      collector.answer({ kind: "ok", afterMs: 300 });
      const logger = rudderstackLogger({ writeKey: "key", dataPlaneUrl: collector.url });
      const least = { logger: Infinity, library: Infinity };
      const isAsFast = (): boolean => least.logger < least.library * 1.25;
      // Only the best rounds are compared, because a busy machine delays some.
      for (let round = 0; round < 5 && !isAsFast(); round++) {
        least.logger = Math.min(least.logger, await timeOf(logger));
        least.library = Math.min(least.library, await timeOfLibrary());
      }
      expect(least.logger).toBeLessThan(least.library * 1.25);
      await logger.close();
    });
  });

  it("keeps events that a user's instance gives up on, and delivers them later", async () => {
    collector.answer({ kind: "status", status: 500 });
    const analytics = new Analytics("key", {
      dataPlaneUrl: collector.url,
      errorHandler: () => {},
      logLevel: "none",
      retryCount: 0,
    });
    const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
    const logger = rudderstackLogger({ analytics, diagnostics });
    log(logger, 100);
    const flushed = logger.flush({ timeoutMs: 20_000 });
    await vi.waitFor(() => expect(logger.stats().failing).toBe(true));
    expect(logger.stats()).toMatchObject({ failed: 0, buffered: 100 });
    collector.answer({ kind: "ok" });
    expect(await flushed).toMatchObject({ ok: true, delivered: 100 });
    await logger.close();
  });

  it("keeps events for which a user's instance has no room, and delivers them later", async () => {
    await using held = await startHoldingServer();
    const analytics = new Analytics("key", {
      ...{ dataPlaneUrl: held.url, maxInternalQueueSize: 3, gzip: false },
      ...{ errorHandler: () => {}, logLevel: "none" },
    });
    const logger = rudderstackLogger({ analytics });
    // The first event is in flight, and the others fill the queue.
    for (let i = 0; i < 4; i++) analytics.track({ userId: `user-${i}`, event: "Own" });
    await vi.waitFor(() => expect(held.waiting).toBe(1));
    log(logger, 5);
    await vi.waitFor(() => expect(logger.stats()).toMatchObject({ buffered: 5, inFlight: 0 }));
    const answering = setInterval(() => held.answer(), 10);
    expect(await logger.flush({ timeoutMs: 20_000 })).toMatchObject({ ok: true, pending: 0 });
    expect(logger.stats()).toMatchObject({ delivered: 5, failed: 0, dropped: 0 });
    clearInterval(answering);
    await logger.close();
  });

  it("delivers its events despite an application's event that cannot be serialized", async () => {
    const analytics = new Analytics("key", {
      dataPlaneUrl: collector.url,
      errorHandler: () => {},
      logLevel: "none",
    });
    const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
    const logger = rudderstackLogger({ analytics, diagnostics });
    // The first event of an instance is sent alone.
    log(logger, 1);
    expect(await logger.flush({ timeoutMs: 20_000 })).toMatchObject({ delivered: 1 });
    log(logger, 2);
    await vi.waitFor(() => expect(logger.stats().inFlight).toBe(2));
    // The library checks the event and sends a copy, which lacks private members.
    class Money {
      readonly #cents = 100;
      toJSON(): number {
        return this.#cents;
      }
    }
    const properties = { price: new Money() } as never; // the library's types allow only JSON
    const trackOwn = () => analytics.track({ userId: "user", event: "Own", properties });
    expect(trackOwn).toThrow(TypeError);
    log(logger, 2);
    expect(await logger.flush({ timeoutMs: 20_000 })).toMatchObject({ ok: true, delivered: 4 });
    expect(logger.stats()).toMatchObject({ accepted: 5, delivered: 5, failed: 0, buffered: 0 });
    await logger.close();
  });

  it("counts events that the service rejects as refused", async () => {
    collector.answer({ kind: "status", status: 400 });
    const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
    const logger = rudderstackLogger({ writeKey: "key", dataPlaneUrl: collector.url, diagnostics });
    log(logger, 3);
    expect(await logger.flush({ timeoutMs: 20_000 })).toMatchObject({ dropped: 3, pending: 0 });
    expect(logger.stats().droppedBy).toMatchObject({ refused: 3 });
    await logger.close();
  });
});
