import { expect, vi } from "vitest";
import { it } from "./collector-test.js";
import { createClient } from "./evaluate.js";
import { assignment } from "./events.js";
import { acceptedBy, isTriedWhole, type LoggerHarness, PATIENT, SILENT } from "./harness.js";
import { HURRIED } from "./hurried.js";

const MAX_BUFFERED_BYTES = 32 * 1024 * 1024;

/**
 * Faults 26 and 28 of docs/spec/loggers.md §5. An outage is reported once, and the size of
 * undelivered events is limited.
 */
export function itReportsOutages(harness: LoggerHarness): void {
  it("loggers §5 fault 26: reports a failing service and its recovery once each, and loses nothing", async ({
    collector,
  }) => {
    const reports: unknown[] = [];
    const note =
      (level: string) =>
      (message: string, facts?: object): void =>
        void reports.push([level, message, facts]);
    const diagnostics = {
      ...SILENT,
      info: note("info"),
      warn: note("warn"),
      error: note("error"),
    };
    collector.answer({ kind: "status", status: 500 });
    const logger = harness.create(collector.url, { ...HURRIED, diagnostics });
    const client = createClient(harness, logger);
    const downstream = (): object | undefined =>
      client.status.counters.exposures.loggers[logger.name]?.downstream;
    client.getStringAssignment("checkout", "alice", {}, "default");
    for (let i = 1; i < 100; i++) logger.logAssignment(assignment(`subject-${i}`));
    expect(downstream()).toMatchObject({ failing: false });
    const flushed = logger.flush(PATIENT);
    await vi.waitFor(() => expect(downstream()).toMatchObject({ failing: true }));
    const requests = collector.requests.length;
    await vi.waitFor(() => expect(collector.requests.length).toBeGreaterThan(requests));
    collector.answer({ kind: "ok" });
    expect(await flushed).toMatchObject({ ok: true, delivered: 100 });
    const ids = acceptedBy(collector, harness).map(({ id }) => id);
    expect(new Set(ids).size).toBe(100);
    expect(downstream()).toMatchObject({ failing: false, failed: 0, delivered: 100 });
    expect(reports).toEqual([
      [
        "warn",
        "delivery fails",
        // The reason is present if the error is one of ours.
        expect.objectContaining({
          ...{ logger: logger.name, failed: 1, code: "SORTITION_HTTP_STATUS", httpStatus: 500 },
        }),
      ],
      [
        "warn",
        "delivery works again",
        { logger: logger.name, failed: expect.any(Number), outageMs: expect.any(Number) },
      ],
    ]);
    await logger.close();
  });

  it("loggers §5 fault 26: reports a service that cannot be reached, the reason, and the number of lost events", async ({
    collector,
  }) => {
    const { url } = collector;
    await collector.close();
    const reports: (readonly [string, object | undefined])[] = [];
    const note = (message: string, facts?: object): void => void reports.push([message, facts]);
    const diagnostics = { ...SILENT, warn: note, error: note };
    const logger = harness.create(url, { diagnostics });
    for (let i = 0; i < 3; i++) logger.logAssignment(assignment(`subject-${i}`));
    const flushed = logger.flush(PATIENT);
    await vi.waitFor(() => expect(logger.stats()).toMatchObject({ failing: true }));
    await logger.close({ timeoutMs: 50 });
    await flushed;
    expect(reports[0]).toEqual([
      "delivery fails",
      {
        ...{ logger: logger.name, failed: 1, code: "SORTITION_NETWORK" },
        systemCode: "ECONNREFUSED",
        reason: `no answer from ${url} (ECONNREFUSED)`,
      },
    ]);
    const { droppedBy, failed } = logger.stats();
    const count = droppedBy["closed"];
    // Another attempt may have begun when the logger was closed.
    expect(failed + (count ?? 0) + (droppedBy["unconfirmed"] ?? 0)).toBe(3);
    const part = `${logger.name} closed`;
    const dropped = reports.filter(([message]) => message === "events dropped");
    expect(dropped.map(([, facts]) => facts)).toEqual(
      count === 0 ? [] : [{ part, reason: "closed", count }],
    );
  });

  if (!isTriedWhole(harness)) return;
  it.sequential("loggers §5 fault 28: buffers at most 32 MiB of large events, and counts the others", async ({
    collector,
  }) => {
    collector.answer({ kind: "hang" });
    const logger = harness.create(collector.url, { diagnostics: SILENT });
    const subjectAttributes = { text: "x".repeat(20_000) };
    for (let i = 0; i < 2_000; i++) {
      logger.logAssignment(assignment(`subject-${i}`, { subjectAttributes }));
    }
    const { accepted, buffered, bufferedBytes, dropped, droppedBy } = logger.stats();
    expect(bufferedBytes).toBeLessThanOrEqual(MAX_BUFFERED_BYTES);
    expect(bufferedBytes).toBeGreaterThan(MAX_BUFFERED_BYTES - 100_000);
    expect([accepted, buffered + dropped]).toEqual([2_000, 2_000]);
    expect(droppedBy).toMatchObject({ overflow: dropped });
    await logger.close({ timeoutMs: 100 });
    expect(logger.stats()).toMatchObject({ buffered: 0, bufferedBytes: 0 });
  });
}
