import Analytics from "@rudderstack/rudder-sdk-node";
import type { Collector } from "@sortition/test-kit";
import { ifWhole } from "@sortition/test-kit";
import {
  assignment,
  HURRIED,
  it,
  PATIENT,
  trackCallsOf,
} from "@sortition/test-kit/logger-contract";
import { describe, expect, vi } from "vitest";
import {
  type BufferedLogger,
  type RudderstackLoggerOptions,
  rudderstackLogger,
} from "../src/index.js";

type AssignmentEvent = Parameters<BufferedLogger["logAssignment"]>[0];

function log(logger: BufferedLogger, count: number): void {
  for (let i = 0; i < count; i++) {
    // The sample events have every member that a client's event has.
    logger.logAssignment(assignment(`subject-${i}`) as unknown as AssignmentEvent);
  }
}

/** Creates the user's instance. */
function createLibrary({ url }: Collector, options: object = {}): Analytics {
  const quiet = { errorHandler: () => {}, logLevel: "none" } as const;
  return new Analytics("key", { dataPlaneUrl: url, ...quiet, ...options });
}

describe("rudderstackLogger", () => {
  it.each([
    { options: {}, option: "writeKey" },
    { options: { analytics: { track() {}, flush() {}, closeAndFlush() {} } }, option: "analytics" },
    { options: { writeKey: " ", dataPlaneUrl: "https://x" }, option: "writeKey" },
    { options: { writeKey: "key" }, option: "dataPlaneUrl" },
    { options: { writeKey: '"key"', dataPlaneUrl: "https://x" }, option: "writeKey" },
    { options: { writeKey: "key ", dataPlaneUrl: "https://x" }, option: "writeKey" },
    { options: { writeKey: "key", flushat: 3 }, option: "flushat" },
    { options: { writeKey: "key", dataPlaneUrl: "https://x", flushAt: 501 }, option: "flushAt" },
    { options: { analytics: {} }, option: "analytics" },
    { options: { analytics: undefined }, option: "analytics" },
    { options: { writeKey: "key", eventName: 7 }, option: "eventName" },
    { options: { analytics: null }, option: "analytics" },
    { options: { writeKey: "key", dataPlaneUrl: "https://x", path: 5 }, option: "path" },
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

  it("keeps the queue of the library short", async ({ collector }) => {
    const flushAt = 4;
    const analytics = createLibrary(collector, { flushAt });
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

  describe("loggers §5 fault 23: requests in flight", () => {
    /** Number of simultaneous requests, after the first event of an instance was sent alone. */
    async function takes(collector: Collector, count: number, start: () => void): Promise<number> {
      collector.answer({ kind: "hold" });
      start();
      await vi.waitFor(() => expect(collector.held).toHaveLength(1), PATIENT.timeoutMs);
      collector.release();
      const events = () => collector.held.flatMap(trackCallsOf).length;
      await vi.waitFor(() => expect(events()).toBe(count - 1), PATIENT.timeoutMs);
      return collector.held.length;
    }

    ifWhole(it)(
      "are as many with the user's instance as with the library alone",
      async ({ collector }) => {
        const flushAt = 4;
        const count = 50 * flushAt;
        const library = createLibrary(collector, { flushAt });
        const alone = await takes(collector, count, () => {
          for (let i = 0; i < count; i++) library.track({ userId: `user-${i}`, event: "Assigned" });
        });
        collector.release();
        const logger = rudderstackLogger({
          analytics: createLibrary(collector, { flushAt }),
          flushAt,
        });
        const throughLogger = await takes(collector, count, () => log(logger, count));
        expect([alone, throughLogger]).toEqual([count / flushAt, count / flushAt]);
        collector.answer({ kind: "ok" });
        collector.release();
        expect(await logger.flush(PATIENT)).toMatchObject({ ok: true, pending: 0 });
        await logger.close();
      },
    );

    it("are at least 25 whole batches with the logger's own instance", async ({ collector }) => {
      collector.answer({ kind: "hold" });
      const logger = rudderstackLogger({ writeKey: "key", dataPlaneUrl: collector.url });
      log(logger, 1_000);
      const flushed = logger.flush(PATIENT);
      await vi.waitFor(
        () => expect(collector.held.length).toBeGreaterThanOrEqual(25),
        PATIENT.timeoutMs,
      );
      collector.answer({ kind: "ok" });
      collector.release();
      expect(await flushed).toMatchObject({ delivered: 1_000 });
      // Fifty batches of 20. The first event of each instance is sent alone.
      expect(collector.requests.length).toBeLessThanOrEqual(100);
      await logger.close();
    });
  });

  it("keeps events that a user's instance gives up on, and delivers them later", async ({
    collector,
  }) => {
    collector.answer({ kind: "status", status: 500 });
    const analytics = createLibrary(collector, { retryCount: 0 });
    const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
    const logger = rudderstackLogger({ analytics, diagnostics, ...HURRIED });
    log(logger, 100);
    const flushed = logger.flush(PATIENT);
    await vi.waitFor(() => expect(logger.stats().failing).toBe(true));
    expect(logger.stats()).toMatchObject({ failed: 0, buffered: 100 });
    collector.answer({ kind: "ok" });
    expect(await flushed).toMatchObject({ ok: true, delivered: 100 });
    await logger.close();
  });

  it("keeps events for which a user's instance has no room, and delivers them later", async ({
    collector,
  }) => {
    collector.answer({ kind: "hold" });
    const analytics = createLibrary(collector, { maxInternalQueueSize: 3 });
    const logger = rudderstackLogger({ analytics, ...HURRIED });
    // The first event is in flight, and the others fill the queue.
    for (let i = 0; i < 4; i++) analytics.track({ userId: `user-${i}`, event: "Own" });
    await vi.waitFor(() => expect(collector.held).toHaveLength(1), PATIENT.timeoutMs);
    log(logger, 5);
    await vi.waitFor(() => expect(logger.stats()).toMatchObject({ buffered: 5, inFlight: 0 }));
    collector.answer({ kind: "ok" });
    collector.release();
    expect(await logger.flush(PATIENT)).toMatchObject({ ok: true, pending: 0 });
    expect(logger.stats()).toMatchObject({ delivered: 5, failed: 0, dropped: 0 });
    await logger.close();
  });

  it("delivers its events despite an application's event that cannot be serialized", async ({
    collector,
  }) => {
    const analytics = createLibrary(collector);
    const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
    const logger = rudderstackLogger({ analytics, diagnostics });
    // The first event of an instance is sent alone.
    log(logger, 1);
    expect(await logger.flush(PATIENT)).toMatchObject({ delivered: 1 });
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
    expect(await logger.flush(PATIENT)).toMatchObject({ ok: true, delivered: 4 });
    expect(logger.stats()).toMatchObject({ accepted: 5, delivered: 5, failed: 0, buffered: 0 });
    await logger.close();
  });

  it("counts events that the service rejects as refused", async ({ collector }) => {
    collector.answer({ kind: "status", status: 400 });
    const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
    const logger = rudderstackLogger({ writeKey: "key", dataPlaneUrl: collector.url, diagnostics });
    log(logger, 3);
    expect(await logger.flush(PATIENT)).toMatchObject({ dropped: 3, pending: 0 });
    expect(logger.stats().droppedBy).toMatchObject({ refused: 3 });
    await logger.close();
  });
});
