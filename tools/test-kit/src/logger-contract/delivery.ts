import { expect } from "vitest";
import { growthOf } from "../growth.js";
import { ifWhole } from "../whole.js";
import { it } from "./collector-test.js";
import { assignment, banditAction } from "./events.js";
import {
  acceptedBy,
  isTriedWhole,
  type LoggerHarness,
  type LoggerUnderTest,
  PATIENT,
} from "./harness.js";
import { HURRIED } from "./hurried.js";

/**
 * Faults 2, 3, 4, 6, 13, 22, 34 and 35 of docs/spec/loggers.md §5. Logged events arrive once, in order, and
 * logging them is fast.
 */
export function itDelivers(harness: LoggerHarness): void {
  it("loggers §5 fault 2: delivers the assignment of a bandit call before its action", async ({
    collector,
  }) => {
    const logger = harness.create(collector.url);
    logger.logAssignment(assignment("subject-1"));
    logger.logBanditAction(banditAction("subject-1"));
    expect(await logger.close(PATIENT)).toMatchObject({ ok: true, delivered: 2 });
    const events = acceptedBy(collector, harness);
    expect(events.map(({ subject }) => subject)).toEqual(["subject-1", "subject-1"]);
    expect(events.map(({ id }) => id)).toEqual([
      "00000000-0000-8000-8000-000000000001",
      "00000000-0000-8000-9000-000000000001",
    ]);
    expect(events[1]?.data).toMatchObject({ action: "pizza", actionProbability: 0.25 });
  });

  it("loggers §5 fault 4: keeps the id of an event when it is resent", async ({ collector }) => {
    collector.answer({ kind: "status", status: harness.retriesStatus }, { first: 1 });
    const logger = harness.create(collector.url, HURRIED);
    for (let i = 0; i < 5; i++) logger.logAssignment(assignment(`subject-${i}`));
    expect(await logger.flush(PATIENT)).toMatchObject({ ok: true, delivered: 5 });
    const idsOf = (isAccepted: boolean): readonly string[] =>
      collector.requests
        .filter(({ status }) => (status === 200) === isAccepted)
        .flatMap((request) => harness.eventsOf(request).map(({ id }) => id));
    expect(idsOf(false).length).toBeGreaterThan(0);
    expect(idsOf(true)).toEqual(expect.arrayContaining([...idsOf(false)]));
    expect(new Set(idsOf(true)).size).toBe(5);
    expect(idsOf(true)).toHaveLength(5);
    await logger.close(PATIENT);
  });

  it("loggers §5 fault 6: waits two seconds if the service requests it with Retry-After", async ({
    collector,
  }) => {
    collector.answer({ kind: "retry-after", seconds: 2 }, { first: 1 });
    const logger = harness.create(collector.url);
    logger.logAssignment(assignment("subject-1"));
    expect(await logger.flush(PATIENT)).toMatchObject({ ok: true });
    const [first, second] = collector.requests;
    expect(first?.status).toBe(429);
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(1_990);
    await logger.close(PATIENT);
  });

  it.for([408, 425] as const)(
    "loggers §5 fault 4: resends events after status %i, which is temporary",
    async (status, { collector }) => {
      collector.answer({ kind: "status", status }, { first: 1 });
      const logger = harness.create(collector.url, HURRIED);
      logger.logAssignment(assignment("subject-1"));
      expect(await logger.flush(PATIENT)).toMatchObject({ ok: true, delivered: 1 });
      await logger.close(PATIENT);
    },
  );

  it.for([400, 413, 422] as const)(
    "loggers §5 fault 34: delivers 98 of 99 events if the service refuses one with status %i",
    async (status, { collector }) => {
      collector.answer({ kind: "refuse", status, text: "bad-subject" });
      const logger = harness.create(collector.url, { ...HURRIED, onError: () => {} });
      for (let i = 0; i < 99; i++) {
        logger.logAssignment(assignment(i === 42 ? "bad-subject" : `subject-${i}`));
      }
      expect(await logger.close(PATIENT)).toMatchObject({
        delivered: 98,
        dropped: 1,
      });
      const reason = status === 413 ? "too-large" : "refused";
      expect(logger.stats().droppedBy).toMatchObject({ [reason]: 1 });
      const ids = acceptedBy(collector, harness).map(({ id }) => id);
      expect([ids.length, new Set(ids).size]).toEqual([98, 98]);
    },
  );

  it("loggers §5 fault 35: sends few requests to a service that refuses everything", async ({
    collector,
  }) => {
    collector.answer({ kind: "status", status: 403 });
    const logger = harness.create(collector.url, { ...HURRIED, onError: () => {} });
    for (let i = 0; i < 20; i++) logger.logAssignment(assignment(`subject-${i}`));
    expect(await logger.close(PATIENT)).toMatchObject({ dropped: 20 });
    expect(logger.stats().droppedBy).toMatchObject({ refused: 20 });
    expect(collector.requests.length).toBe(5);
  });

  it.sequential("loggers §5 fault 13: shares the work of concurrent flushes", async ({
    collector,
  }) => {
    const warnings: unknown[] = [];
    const { warn } = console;
    console.warn = (...parts: unknown[]) => warnings.push(parts);
    try {
      const borrowed = harness.borrow(collector.url);
      for (let i = 0; i < 3; i++) borrowed.logger.logAssignment(assignment(`subject-${i}`));
      const flushes = [1, 2, 3, 4, 5].map(() => borrowed.logger.flush(PATIENT));
      for (const summary of await Promise.all(flushes)) {
        expect(summary).toMatchObject({ ok: true, delivered: 3 });
      }
      expect(acceptedBy(collector, harness)).toHaveLength(3);
      expect(borrowed.flushCalls).toBeLessThan(5);
      expect(warnings).toEqual([]);
      await borrowed.logger.close(PATIENT);
    } finally {
      console.warn = warn;
    }
  });

  if (!isTriedWhole(harness)) return;
  it.sequential(`loggers §5 fault 3: delivers each of ${harness.burst} events of one turn once`, async ({
    collector,
  }) => {
    const logger = harness.create(collector.url);
    for (let i = 0; i < harness.burst; i++) logger.logAssignment(assignment(`subject-${i}`));
    expect(await logger.flush(PATIENT)).toMatchObject({
      ok: true,
      delivered: harness.burst,
    });
    const ids = acceptedBy(collector, harness).map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([harness.burst, harness.burst]);
    expect(logger.stats()).toMatchObject({ delivered: harness.burst, buffered: 0 });
    await logger.close(PATIENT);
  });

  ifWhole(it.sequential)(
    "loggers §5 fault 22: accepts 1,500 events in one turn in at most twenty times as long as 150",
    async ({ collector }) => {
      const loggers: LoggerUnderTest[] = [];
      const logging = (count: number) => () => {
        const logger = harness.create(collector.url);
        for (let i = 0; i < count; i++) logger.logAssignment(assignment(`subject-${i}`));
        loggers.push(logger);
      };
      expect(growthOf({ small: logging(150), large: logging(1_500) })).toBeLessThanOrEqual(20);
      for (const logger of loggers) {
        await logger.close(PATIENT);
        const { accepted, delivered } = logger.stats();
        expect(delivered).toBe(accepted);
      }
    },
  );
}
