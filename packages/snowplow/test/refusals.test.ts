import { type Collector, ifWhole, isInPart, startCollector } from "@sortition/test-kit";
import { acceptedBy, assignment, HURRIED, PATIENT } from "@sortition/test-kit/logger-contract";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BufferedLogger, snowplowLogger } from "../src/index.js";
import { harness } from "./support/harness.js";

type AssignmentEvent = Parameters<BufferedLogger["logAssignment"]>[0];

const DIAGNOSTICS = { debug() {}, info() {}, warn() {}, error() {} };

describe("a collector that rejects requests", () => {
  let collector: Collector;
  let logger: BufferedLogger;

  beforeEach(async () => {
    collector = await startCollector();
    logger = snowplowLogger({
      endpoint: collector.url,
      appId: "shop",
      diagnostics: DIAGNOSTICS,
      ...HURRIED,
    });
  });
  afterEach(async () => {
    await logger.close({ timeoutMs: 100 });
    await collector.close();
  });

  function log(subject: string, changes: object = {}): void {
    // The sample events have every member that a client's event has.
    logger.logAssignment(assignment(subject, changes) as unknown as AssignmentEvent);
  }

  const subjects = (): readonly string[] =>
    acceptedBy(collector, harness).map(({ subject }) => subject);

  it.each([
    { status: 400, outcome: { dropped: 1 } },
    { status: 401, outcome: { failed: 1 } },
    { status: 403, outcome: { dropped: 1 } },
    { status: 410, outcome: { failed: 1 } },
    { status: 422, outcome: { dropped: 1 } },
  ])("ends an event after $status, and delivers the next one", async ({ outcome, status }) => {
    collector.answer({ kind: "status", status }, { first: 1 });
    log("first");
    expect(await logger.flush(PATIENT)).toMatchObject({ ...outcome, pending: 0 });
    log("second");
    expect(await logger.flush(PATIENT)).toMatchObject({ delivered: 1, pending: 0 });
    expect(subjects()).toEqual(["second"]);
  });

  ifWhole(it)("loggers §5 fault 6: receives nothing in a pause that it requests", async () => {
    logger = snowplowLogger({ endpoint: collector.url, appId: "shop", diagnostics: DIAGNOSTICS });
    collector.answer({ kind: "retry-after", seconds: 2 }, { first: 1 });
    const subjectAttributes = { text: "x".repeat(20_000) };
    for (let i = 0; i < 10; i++) log(`subject-${i}`, { subjectAttributes });
    expect(await logger.flush(PATIENT)).toMatchObject({ delivered: 10 });
    const [first = 0, second = 0] = collector.requests.map(({ atMs }) => atMs);
    expect(second - first).toBeGreaterThanOrEqual(1_990);
    expect(collector.requests.length).toBeGreaterThan(2);
  });

  it("loggers §5 fault 24: because of their size receives all events except the one that is too large", async () => {
    collector.answer({ kind: "limit", maxBytes: 20_000 });
    const expected: string[] = [];
    for (let i = 0; i < 300; i++) {
      log(`subject-${i}`);
      expected.push(`subject-${i}`);
      if (i === 150) log("large", { subjectAttributes: { text: "x".repeat(20_000) } });
    }
    expect(await logger.flush(PATIENT)).toMatchObject({
      delivered: 300,
      failed: 0,
      dropped: 1,
      pending: 0,
    });
    expect(subjects().toSorted()).toEqual(expected.toSorted());
    expect(logger.stats()).toMatchObject({ droppedBy: { "too-large": 1, refused: 0 } });
    expect(logger.stats().failing).toBe(false);
  });

  it("loggers §5 fault 24: because of their size receives an event that exceeds maxPostBytes but not its own limit", async () => {
    logger = snowplowLogger({
      endpoint: collector.url,
      appId: "shop",
      maxPostBytes: 10_000,
      diagnostics: DIAGNOSTICS,
    });
    collector.answer({ kind: "limit", maxBytes: 15_000 });
    log("subject-1");
    log("large", { subjectAttributes: { text: "x".repeat(9_000) } });
    log("too large", { subjectAttributes: { text: "x".repeat(20_000) } });
    log("subject-2");
    expect(await logger.flush(PATIENT)).toMatchObject({ delivered: 3, dropped: 1 });
    expect(subjects().toSorted()).toEqual(["large", "subject-1", "subject-2"]);
  });

  it.each([404, 431].filter((_, i) => isInPart(i)))(
    "loggers §5 fault 24: with status %i receives the events that it accepts later",
    async (status) => {
      collector.answer({ kind: "status", status }, { first: 3 });
      for (let i = 0; i < 20; i++) log(`subject-${i}`);
      const { delivered, dropped } = await logger.flush(PATIENT);
      // Requests with 20, 10 and 10 events were refused, then all were accepted.
      expect([delivered, dropped]).toEqual([20, 0]);
    },
  );

  it("loggers §5 fault 24: with status 404 every time receives five requests for a batch", async () => {
    collector.answer({ kind: "status", status: 404 });
    for (let i = 0; i < 20; i++) log(`subject-${i}`);
    expect(await logger.flush(PATIENT)).toMatchObject({ dropped: 20, pending: 0 });
    expect(logger.stats()).toMatchObject({ droppedBy: { refused: 20 } });
    expect(collector.requests).toHaveLength(5);
  });
});
