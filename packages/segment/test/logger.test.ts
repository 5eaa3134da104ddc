import { Analytics } from "@segment/analytics-node";
import { type Collector, startCollector, watchBusyMachine } from "@sortition/test-kit";
import { assignment, trackCallsOf } from "@sortition/test-kit/logger-contract";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type BufferedLogger, type SegmentLoggerOptions, segmentLogger } from "../src/index.js";

type AssignmentEvent = Parameters<BufferedLogger["logAssignment"]>[0];

function clearing(timer: ReturnType<typeof setTimeout>): () => void {
  return () => clearTimeout(timer);
}

/** The sample events have every member that a client's event has. */
const assigned = (subject: string): AssignmentEvent =>
  assignment(subject) as unknown as AssignmentEvent;

describe("segmentLogger", () => {
  let collector: Collector;

  beforeEach(async () => {
    collector = await startCollector();
  });
  afterEach(() => collector.close());

  it.each([
    { options: {}, option: "writeKey" },
    { options: { writeKey: " " }, option: "writeKey" },
    { options: { writeKey: '"key"' }, option: "writeKey" },
    { options: { writeKey: "key " }, option: "writeKey" },
    { options: { writeKey: "key", flushat: 3 }, option: "flushat" },
    { options: { writeKey: "key", flushAt: 501 }, option: "flushAt" },
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
    { options: { writeKey: "key", host: 5 }, option: "host" },
    { options: { writeKey: "key", path: "" }, option: "path" },
    { options: undefined, option: "options" },
  ])("rejects the option $option", ({ options, option }) => {
    // A caller without types may pass anything.
    expect(() => segmentLogger(options as unknown as SegmentLoggerOptions)).toThrow(
      expect.objectContaining({ code: "SORTITION_OPTION", option }),
    );
  });

  it("loggers §5 fault 27: counts events as failed after the user has closed the instance", async () => {
    const analytics = new Analytics({ writeKey: "key", host: collector.url });
    const errors: unknown[] = [];
    const logger = segmentLogger({ analytics, onError: (error) => errors.push(error) });
    await analytics.closeAndFlush();
    for (let i = 0; i < 600; i++) {
      logger.logAssignment(assigned(`subject-${i}`));
    }
    using busy = watchBusyMachine();
    const startedAtMs = performance.now();
    expect(await logger.close({ timeoutMs: 5_000 })).toMatchObject({
      ok: false,
      failed: 600,
      pending: 0,
    });
    expect(performance.now() - startedAtMs).toBeLessThan(busy.boundMs(1_000));
    expect(logger.stats()).toMatchObject({ accepted: 600, failed: 600, buffered: 0 });
    expect(errors).toHaveLength(600);
  });

  it("loggers §5 fault 26: reports failing requests of the user's instance", async () => {
    collector.answer({ kind: "status", status: 500 }, { first: 1 });
    const reports: unknown[] = [];
    const note = (message: string): void => void reports.push(message);
    const diagnostics = { debug() {}, info: note, warn: note, error: note };
    const analytics = new Analytics({ writeKey: "key", host: collector.url });
    const logger = segmentLogger({ analytics, diagnostics });
    logger.logAssignment(assigned("subject-1"));
    const flushed = logger.flush({ timeoutMs: 20_000 });
    await vi.waitFor(() => expect(logger.stats().failing).toBe(true));
    expect(await flushed).toMatchObject({ ok: true, delivered: 1 });
    expect(logger.stats().failing).toBe(false);
    expect(reports).toEqual(["delivery fails", "delivery works again"]);
    await analytics.closeAndFlush();
  });

  it("aborts its requests at close", async () => {
    collector.answer({ kind: "hang" });
    const fetched = vi.spyOn(globalThis, "fetch");
    const logger = segmentLogger({ writeKey: "key", host: collector.url, flushAt: 1 });
    logger.logAssignment(assigned("subject-1"));
    await vi.waitFor(() => expect(collector.requests).toHaveLength(1));
    await logger.close({ timeoutMs: 50 });
    const [first] = fetched.mock.calls.map(([, init]) => init?.signal?.aborted);
    fetched.mockRestore();
    expect(first).toBe(true);
  });

  it.each([
    { maxRetries: 0, requests: 1 },
    { maxRetries: 1, requests: 2 },
  ])(
    "gives up on an event after $requests requests, with maxRetries: $maxRetries",
    async ({ maxRetries, requests }) => {
      collector.answer({ kind: "status", status: 500 });
      const options = { writeKey: "key", host: collector.url, maxRetries, onError: () => {} };
      const logger = segmentLogger(options);
      logger.logAssignment(assigned("subject-1"));
      expect(await logger.flush({ timeoutMs: 20_000 })).toMatchObject({ failed: 1, pending: 0 });
      expect(collector.requests).toHaveLength(requests);
      await logger.close();
    },
  );

  it("loggers §5 fault 33: repeats requests many times without a warning about listeners", async () => {
    const warnings: string[] = [];
    const note = ({ name }: Error): void => void warnings.push(name);
    process.on("warning", note);
    collector.answer({ kind: "status", status: 500 }, { first: 12 });
    const logger = segmentLogger({
      ...{ writeKey: "key", host: collector.url, flushAt: 1, maxRetries: 100, onError: () => {} },
      // Pauses are shortened to a thousandth.
      clock: { setTimer: (callback, delayMs) => clearing(setTimeout(callback, delayMs / 1_000)) },
    });
    logger.logAssignment(assigned("subject-1"));
    await vi.waitFor(() => expect(logger.stats().delivered).toBe(1), 30_000);
    process.off("warning", note);
    expect(collector.requests).toHaveLength(13);
    expect(warnings).toEqual([]);
    await logger.close();
  });

  it("flushes the user's instance although full batches are in flight", async () => {
    // Without a flush, the library would keep the incomplete batch for its flush interval of 10 s.
    const analytics = new Analytics({ writeKey: "key", host: collector.url });
    const logger = segmentLogger({ analytics });
    for (let i = 0; i < 40; i++) {
      logger.logAssignment(assigned(`subject-${i}`));
    }
    await vi.waitFor(() => expect(collector.requests).toHaveLength(2));
    expect(await logger.flush({ timeoutMs: 20_000 })).toMatchObject({ ok: true });
    // The result of the flush does not include events that were delivered before it started.
    expect(logger.stats().delivered).toBe(40);
    expect(collector.requests.map((request) => trackCallsOf(request).length)).toEqual([15, 15, 10]);
    await analytics.closeAndFlush();
  });
});
