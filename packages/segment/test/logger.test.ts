import { Analytics } from "@segment/analytics-node";
import { ifWhole } from "@sortition/test-kit";
import {
  assignment,
  HURRIED,
  it,
  PATIENT,
  trackCallsOf,
} from "@sortition/test-kit/logger-contract";
import { describe, expect, vi } from "vitest";
import { type BufferedLogger, type SegmentLoggerOptions, segmentLogger } from "../src/index.js";

type AssignmentEvent = Parameters<BufferedLogger["logAssignment"]>[0];

/** The sample events have every member that a client's event has. */
const assigned = (subject: string): AssignmentEvent =>
  assignment(subject) as unknown as AssignmentEvent;

describe("segmentLogger", () => {
  it.each([
    { options: {}, option: "writeKey" },
    { options: { writeKey: " " }, option: "writeKey" },
    { options: { writeKey: '"key"' }, option: "writeKey" },
    { options: { writeKey: "key " }, option: "writeKey" },
    { options: { writeKey: "key", flushat: 3 }, option: "flushat" },
    { options: { writeKey: "key", flushAt: 501 }, option: "flushAt" },
    { options: { analytics: {} }, option: "analytics" },
    { options: { analytics: undefined }, option: "analytics" },
    { options: { writeKey: "key", eventName: 7 }, option: "eventName" },
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

  it("loggers §5 fault 27: counts events as failed after the user has closed the instance", async ({
    collector,
  }) => {
    const analytics = new Analytics({ writeKey: "key", host: collector.url });
    const errors: unknown[] = [];
    const logger = segmentLogger({ analytics, onError: (error) => errors.push(error) });
    await analytics.closeAndFlush();
    for (let i = 0; i < 600; i++) {
      logger.logAssignment(assigned(`subject-${i}`));
    }
    // Longer than the test may take, so the logger does not wait for it.
    expect(await logger.close({ timeoutMs: 3_600_000 })).toMatchObject({
      ok: false,
      failed: 600,
      pending: 0,
    });
    expect(logger.stats()).toMatchObject({ accepted: 600, failed: 600, buffered: 0 });
    expect(errors).toHaveLength(600);
  });

  it("loggers §5 fault 26: reports failing requests of the user's instance", async ({
    collector,
  }) => {
    collector.answer({ kind: "status", status: 500 }, { first: 1 });
    const reports: unknown[] = [];
    const note = (message: string): void => void reports.push(message);
    const diagnostics = { debug() {}, info: note, warn: note, error: note };
    const analytics = new Analytics({ writeKey: "key", host: collector.url });
    const logger = segmentLogger({ analytics, diagnostics });
    logger.logAssignment(assigned("subject-1"));
    const flushed = logger.flush(PATIENT);
    await vi.waitFor(() => expect(logger.stats().failing).toBe(true));
    expect(await flushed).toMatchObject({ ok: true, delivered: 1 });
    expect(logger.stats().failing).toBe(false);
    expect(reports).toEqual(["delivery fails", "delivery works again"]);
    await analytics.closeAndFlush();
  });

  it("aborts its requests at close", async ({ collector }) => {
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

  it.for([
    { maxRetries: 0, requests: 1 },
    { maxRetries: 1, requests: 2 },
  ])(
    "gives up on an event after $requests requests, with maxRetries: $maxRetries",
    async ({ maxRetries, requests }, { collector }) => {
      collector.answer({ kind: "status", status: 500 });
      const options = { writeKey: "key", host: collector.url, maxRetries, onError: () => {} };
      const logger = segmentLogger({ ...options, ...HURRIED });
      logger.logAssignment(assigned("subject-1"));
      expect(await logger.flush(PATIENT)).toMatchObject({ failed: 1, pending: 0 });
      expect(collector.requests).toHaveLength(requests);
      await logger.close();
    },
  );

  ifWhole(it)(
    "loggers §5 fault 33: repeats requests many times without a warning about listeners",
    async ({ collector }) => {
      const warnings: string[] = [];
      const note = ({ name }: Error): void => void warnings.push(name);
      process.on("warning", note);
      collector.answer({ kind: "status", status: 500 }, { first: 12 });
      const logger = segmentLogger({
        ...{ writeKey: "key", host: collector.url, flushAt: 1, maxRetries: 100, onError: () => {} },
        ...HURRIED,
      });
      logger.logAssignment(assigned("subject-1"));
      await vi.waitFor(() => expect(logger.stats().delivered).toBe(1), PATIENT.timeoutMs);
      process.off("warning", note);
      expect(collector.requests).toHaveLength(13);
      expect(warnings).toEqual([]);
      await logger.close();
    },
  );

  ifWhole(it)("flushes the user's instance while batches are in flight", async ({ collector }) => {
    // Without a flush, the library would keep the incomplete batch for its flush interval of 10 s.
    const analytics = new Analytics({ writeKey: "key", host: collector.url });
    const logger = segmentLogger({ analytics });
    for (let i = 0; i < 40; i++) {
      logger.logAssignment(assigned(`subject-${i}`));
    }
    await vi.waitFor(() => expect(collector.requests).toHaveLength(2));
    expect(await logger.flush(PATIENT)).toMatchObject({ ok: true });
    // The result of the flush does not include events that were delivered before it started.
    expect(logger.stats().delivered).toBe(40);
    expect(collector.requests.map((request) => trackCallsOf(request).length)).toEqual([15, 15, 10]);
    await analytics.closeAndFlush();
  });
});
