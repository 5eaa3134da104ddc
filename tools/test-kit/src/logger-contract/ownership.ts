import { expect } from "vitest";
import { it } from "./collector-test.js";
import { evaluate } from "./evaluate.js";
import { assignment, banditAction } from "./events.js";
import { acceptedBy, type LoggerHarness, PATIENT, SILENT } from "./harness.js";

/**
 * Faults 11, 12 and 31 of docs/spec/loggers.md §5. The user's instance stays open, and the logger's
 * own is closed.
 */
export function itKnowsWhatItOwns(harness: LoggerHarness): void {
  it("loggers §5 fault 11: leaves the user's instance open and unchanged", async ({
    collector,
  }) => {
    const borrowed = harness.borrow(collector.url);
    const before = borrowed.settings();
    expect(borrowed.logger.owned).toBe(false);
    borrowed.logger.logAssignment(assignment("subject-1"));
    expect(await borrowed.logger.close(PATIENT)).toMatchObject({
      ok: true,
      delivered: 1,
    });
    expect(borrowed.settings()).toEqual(before);
    borrowed.trackOwn();
    await borrowed.flushOwn();
    const events = acceptedBy(collector, harness);
    expect(events.map(({ name }) => name)).toContain("own event");
    expect(events.map(({ subject }) => subject)).toContain("subject-1");
  });

  it("loggers §5 fault 31: passes each event to the user's instance before the logging call returns", async ({
    collector,
  }) => {
    const { flushOwn, logger } = harness.borrow(collector.url);
    logger.logAssignment(assignment("subject-1"));
    logger.logBanditAction(banditAction("subject-1"));
    evaluate(harness, logger, "alice");
    await flushOwn();
    const subjects = acceptedBy(collector, harness).map(({ subject }) => subject);
    expect(subjects).toEqual(["subject-1", "subject-1", "alice"]);
    await logger.close(PATIENT);
  });

  it("loggers §5 fault 12: delivers all events at close, and accepts none after it", async ({
    collector,
  }) => {
    const logger = harness.create(collector.url, { diagnostics: SILENT });
    expect(logger.owned).toBe(true);
    for (let i = 0; i < 25; i++) logger.logAssignment(assignment(`subject-${i}`));
    const closing = logger.close(PATIENT);
    expect(logger.close()).toBe(closing);
    expect(await closing).toMatchObject({ ok: true, delivered: 25 });
    logger.logAssignment(assignment("subject-25"));
    expect(logger.stats()).toMatchObject({
      accepted: 26,
      delivered: 25,
      dropped: 1,
      droppedBy: { closed: 1 },
    });
    expect(await logger.flush(PATIENT)).toMatchObject({ ok: true, delivered: 0 });
    expect(acceptedBy(collector, harness)).toHaveLength(25);
  });
}
