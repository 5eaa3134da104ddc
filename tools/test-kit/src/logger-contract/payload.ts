import { expect } from "vitest";
import { it } from "./collector-test.js";
import { assignment, banditAction } from "./events.js";
import { acceptedBy, type LoggerHarness, PATIENT, SILENT } from "./harness.js";

/** Faults 7, 8, 14, 15 and 16 of docs/spec/loggers.md §5, about the content of events. */
export function itSendsPlainEvents(harness: LoggerHarness): void {
  it("loggers §5 fault 7: removes members that JSON cannot express, and sends other events unchanged", async ({
    collector,
  }) => {
    const cyclic: Record<string, unknown> = { inside: 1 };
    cyclic["self"] = cyclic;
    const poison = {
      cyclic,
      big: 12_345_678_901_234_567_890n,
      nan: Number.NaN,
      throwing: {
        toJSON() {
          throw new Error("no");
        },
      },
      get getter(): never {
        throw new Error("no");
      },
      fine: "fine",
    };
    const logger = harness.create(collector.url);
    logger.logAssignment(assignment("subject-1", { subjectAttributes: poison }));
    logger.logAssignment(assignment("subject-2"));
    expect(await logger.flush(PATIENT)).toMatchObject({ ok: true, delivered: 2 });
    const [bad, good] = acceptedBy(collector, harness);
    expect(bad?.data["subjectAttributes"]).toEqual({
      cyclic: { inside: 1 },
      big: "12345678901234567890",
      fine: "fine",
    });
    expect(good?.data["subjectAttributes"]).toEqual({ country: "CH", age: 42, isMember: true });
    expect(logger.stats().removedMembers).toBe(4);
    await logger.close(PATIENT);
  });

  it("loggers §5 fault 8: sends attributes with their values at the time of logging", async ({
    collector,
  }) => {
    const logger = harness.create(collector.url);
    const attributes = { plan: "free" };
    logger.logAssignment(assignment("subject-1", { subjectAttributes: attributes }));
    attributes.plan = "pro";
    await logger.close(PATIENT);
    const [event] = acceptedBy(collector, harness);
    expect(event?.data["subjectAttributes"]).toEqual({ plan: "free" });
  });

  it("loggers §5 fault 15: drops events without a subject or a flag, and counts them", async ({
    collector,
  }) => {
    const logger = harness.create(collector.url, { diagnostics: SILENT });
    logger.logAssignment(assignment("subject-1", { subject: "" }));
    logger.logAssignment(assignment("subject-1", { featureFlag: "" }));
    logger.logAssignment(assignment("subject-1", { subject: 7 }));
    logger.logBanditAction(banditAction("subject-1", { flagKey: "" }));
    expect(logger.stats()).toMatchObject({ accepted: 4, dropped: 4, droppedBy: { invalid: 4 } });
    await logger.close(PATIENT);
    expect(collector.requests).toEqual([]);
  });

  it("loggers §5 fault 16: sends a large event without its subject's attributes", async ({
    collector,
  }) => {
    const logger = harness.create(collector.url);
    const subjectAttributes = { text: "i".repeat(40_000) };
    logger.logAssignment(assignment("subject-1", { subjectAttributes }));
    logger.logAssignment(assignment("subject-2"));
    expect(await logger.close(PATIENT)).toMatchObject({ ok: true, delivered: 2 });
    const [large, small] = acceptedBy(collector, harness);
    expect(large?.data).not.toHaveProperty("subjectAttributes");
    expect(large?.data).toMatchObject({ featureFlag: "checkout", variation: "treatment" });
    expect(small?.data).toHaveProperty("subjectAttributes");
    expect(logger.stats()).toMatchObject({ trimmed: 1 });
  });

  it("loggers §5 fault 14: sends the chosen attributes, and drops events that the mapper rejects", async ({
    collector,
  }) => {
    const logger = harness.create(collector.url, {
      diagnostics: SILENT,
      includeSubjectAttributes: ["country"],
      mapAssignment: ({ subject }: { subject: string }) => (subject === "subject-1" ? null : {}),
    });
    logger.logAssignment(assignment("subject-1"));
    logger.logAssignment(assignment("subject-2"));
    await logger.close(PATIENT);
    const events = acceptedBy(collector, harness);
    expect(events.map(({ subject, data }) => [subject, data["subjectAttributes"]])).toEqual([
      ["subject-2", { country: "CH" }],
    ]);
    expect(logger.stats()).toMatchObject({ delivered: 1, dropped: 1, droppedBy: { mapper: 1 } });
  });

  it.for<readonly [what: string, map: () => unknown]>([
    ["string", () => "Experiment Viewed"],
    ["promise", async () => ({})],
  ])(
    "reports once that its mapper returned a %s, and sends the events unchanged",
    async ([what, mapAssignment], { collector }) => {
      const warnings: string[] = [];
      const warn = (message: string): void => void warnings.push(message);
      const diagnostics = { ...SILENT, warn };
      const logger = harness.create(collector.url, { diagnostics, mapAssignment });
      for (const subject of ["subject-1", "subject-2"]) logger.logAssignment(assignment(subject));
      expect(await logger.close(PATIENT)).toMatchObject({ ok: true, delivered: 2 });
      const warning = `mapAssignment() returned a ${what}, which the logger ignores: return an object with `;
      expect(warnings).toEqual([expect.stringContaining(warning)]);
    },
  );

  it.for([
    { dedupe: "event", ids: 3 },
    { dedupe: "day", ids: 2 },
    { dedupe: "assignment", ids: 1 },
  ])(
    "sends $ids ids for an assignment at three times on two days, deduplicated by $dedupe",
    async ({ dedupe, ids }, { collector }) => {
      const logger = harness.create(collector.url, { dedupe });
      const hours = ["02T00:00", "02T23:59", "03T00:00"];
      for (const [i, hour] of hours.entries()) {
        const timestamp = `2026-01-${hour}:00.000Z`;
        logger.logAssignment(assignment("subject-1", { timestamp, messageId: `own-${i}` }));
      }
      expect(await logger.close(PATIENT)).toMatchObject({ ok: true, delivered: 3 });
      const events = acceptedBy(collector, harness);
      expect(events).toHaveLength(3);
      expect(new Set(events.map(({ id }) => id)).size).toBe(ids);
      expect(events.map(({ data }) => data["eventId"])).toEqual(events.map(({ id }) => id));
    },
  );
}
