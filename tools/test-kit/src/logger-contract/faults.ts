import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect } from "vitest";
import type { Collector } from "../collector.js";
import { ifWhole, isInPart } from "../whole.js";
import { it } from "./collector-test.js";
import { evaluate } from "./evaluate.js";
import { assignment } from "./events.js";
import { isTriedWhole, type LoggerHarness, SILENT } from "./harness.js";

/** Ways in which a service can fail. */
export const FAULTS: readonly {
  readonly because: string;
  readonly arrange: (collector: Collector) => unknown;
}[] = [
  {
    because: "it always returns 500",
    arrange: (collector) => collector.answer({ kind: "status", status: 500 }),
  },
  { because: "it refuses connections", arrange: (collector) => collector.refuse() },
  { because: "it never responds", arrange: (collector) => collector.answer({ kind: "hang" }) },
];

/**
 * Faults 5, 9 and 10 of docs/spec/loggers.md §5. No failure affects an evaluation, and every event
 * is counted.
 */
export function itWithstandsFaults(harness: LoggerHarness): void {
  it.for(FAULTS.filter((_, i) => isInPart(i, 1)))(
    "loggers §5 fault 5: ends a flush in time if the service fails: $because",
    async ({ arrange }, { collector }) => {
      await arrange(collector);
      const logger = harness.create(collector.url, { onError: () => {}, diagnostics: SILENT });
      expect(evaluate(harness, logger, "alice")).toBe("on");
      expect(logger.stats()).toMatchObject({ accepted: 1, buffered: 1 });
      const startedAtMs = performance.now();
      expect(await logger.flush({ timeoutMs: 500 })).toMatchObject({ ok: false, delivered: 0 });
      // Ten times the limit of the flush. A library would retry, or wait for its own limit, for longer.
      expect(performance.now() - startedAtMs).toBeLessThan(5_000);
      await logger.close({ timeoutMs: 50 });
      expectLaw(logger.stats());
      expect(logger.stats()).toMatchObject({ delivered: 0, buffered: 0 });
    },
  );

  it("loggers §5 fault 9: counts an event as failed if the library's track throws", async ({
    collector,
  }) => {
    const errors: unknown[] = [];
    const borrowed = harness.borrow(collector.url, {
      onError: (error: unknown) => errors.push(error),
    });
    borrowed.breakTrack();
    expect(evaluate(harness, borrowed.logger, "alice")).toBe("on");
    expect(await borrowed.logger.flush({ timeoutMs: 500 })).toMatchObject({ ok: false, failed: 1 });
    expect(borrowed.logger.stats()).toMatchObject({ accepted: 1, failed: 1, buffered: 0 });
    expect(errors).toHaveLength(1);
  });

  it("loggers §5 fault 9: counts an event as failed if its mapper throws, whatever onError does", async ({
    collector,
  }) => {
    const fail = (): never => {
      throw new Error("no");
    };
    const reports: unknown[] = [];
    const diagnostics = {
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: (...report: unknown[]) => reports.push(report),
    };
    const options = { mapAssignment: fail, mapBandit: fail, onError: fail, diagnostics };
    const logger = harness.create(collector.url, options);
    expect(evaluate(harness, logger, "alice")).toBe("on");
    expect(logger.stats()).toMatchObject({ accepted: 1, failed: 1, buffered: 0 });
    expect(reports).toHaveLength(1);
    await logger.close();
    expect(collector.requests).toEqual([]);
  });

  if (!isTriedWhole(harness)) return;
  it("loggers §5 fault 10: buffers no more events than its limit, and counts the others", async ({
    collector,
  }) => {
    collector.answer({ kind: "hang" });
    const logger = harness.create(collector.url, { maxBuffered: 100, diagnostics: SILENT });
    let inFlight = 0;
    for (let i = 0; i < 10; i++) {
      for (let j = 0; j < 100; j++) logger.logAssignment(assignment(`subject-${i * 100 + j}`));
      await new Promise((resolve) => setTimeout(resolve, 10));
      const stats = logger.stats();
      ({ inFlight } = stats);
      expect(stats.buffered).toBeLessThanOrEqual(100 + inFlight);
      expectLaw(stats);
    }
    const stats = logger.stats();
    expect(stats.accepted).toBe(1_000);
    expect(stats.dropped).toBe(stats.droppedBy["overflow"]);
    expect(stats.dropped).toBe(1_000 - stats.buffered);
    expect(stats.dropped).toBeGreaterThan(0);
    expect(await logger.close({ timeoutMs: 100 })).toMatchObject({ ok: false });
    expect(logger.stats()).toMatchObject({ buffered: 0, delivered: 0 });
    expectLaw(logger.stats());
  });

  ifWhole(it.sequential)(
    "loggers §5 fault 10: uses no memory for dropped events",
    async ({ collector }) => {
      collector.answer({ kind: "hang" });
      const logger = harness.create(collector.url, { maxBuffered: 100, diagnostics: SILENT });
      const logMany = (count: number): void => {
        for (let i = 0; i < count; i++) logger.logAssignment(assignment(`subject-${i}`));
      };
      logMany(1_000);
      const full = usedHeapBytes();
      logMany(20_000);
      // 20,000 events would take tens of megabytes.
      expect(usedHeapBytes() - full).toBeLessThan(3_000_000);
      await logger.close({ timeoutMs: 100 });
      expectLaw(logger.stats());
    },
  );
}

/** Returns the heap in use after a garbage collection. */
function usedHeapBytes(): number {
  setFlagsFromString("--expose-gc");
  const collectGarbage: () => void = runInNewContext("gc");
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Checks that every event is counted, whether delivered or lost. */
function expectLaw(stats: ReturnType<ReturnType<LoggerHarness["create"]>["stats"]>): void {
  const { accepted, delivered, failed, dropped, buffered } = stats;
  expect(delivered + failed + dropped + buffered).toBe(accepted);
}
