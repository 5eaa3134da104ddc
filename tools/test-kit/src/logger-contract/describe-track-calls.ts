import { describe, expect } from "vitest";
import type { Collector } from "../collector.js";
import { isInPart } from "../whole.js";
import { it } from "./collector-test.js";
import { assignment, banditAction, TIMESTAMP } from "./events.js";
import {
  acceptedBy,
  type LoggerHarness,
  type LoggerUnderTest,
  PATIENT,
  SILENT,
} from "./harness.js";
import { HURRIED } from "./hurried.js";
import { type TrackCall, trackCallsOf } from "./track-call.js";

/**
 * Faults 1, 2, 14 and 30 of docs/spec/loggers.md §5. Declares tests of how loggers that call
 * `track` map events.
 */
export function describeTrackCalls(harness: LoggerHarness): void {
  /** Logs with a new logger, closes it, and returns the received calls. */
  async function sentWith(
    collector: Collector,
    options: object,
    log: (logger: LoggerUnderTest) => void,
  ): Promise<readonly TrackCall[]> {
    const logger = harness.create(collector.url, options);
    log(logger);
    await logger.close(PATIENT);
    return collector.requests.flatMap(trackCallsOf);
  }

  // Failures are silent, because a test of `describeAnalyticsLogger` reads the console meanwhile.
  describe.concurrent(`a call of the ${harness.vendor} logger`, () => {
    it("loggers §5 fault 1: sends an assignment with every member under its name", async ({
      collector,
    }) => {
      const [call] = await sentWith(collector, {}, (it) =>
        it.logAssignment(assignment("subject-1")),
      );
      const { format, entityId, messageId, ...sent } = assignment("subject-1");
      expect(call).toMatchObject({
        type: "track",
        event: "Eppo Randomization Assignment",
        userId: "subject-1",
        messageId,
        timestamp: TIMESTAMP,
      });
      expect(call?.properties).toEqual({ ...sent, eventId: messageId });
      expect([format, entityId]).toEqual(["SERVER", null]);
      expect(collector.requests[0]).toMatchObject({
        path: "/v1/batch",
        headers: { authorization: `Basic ${Buffer.from("key:").toString("base64")}` },
      });
    });

    it("loggers §5 fault 1: gives an event without an id the id that a client computes", async ({
      collector,
    }) => {
      // The `timestamp` in the formula's test vectors is 2026-01-02T03:04:05.678Z.
      const event = assignment("alice", { allocation: "allocation-1", messageId: undefined });
      const [call] = await sentWith(collector, {}, (it) => it.logAssignment(event));
      expect(call?.messageId).toBe("0aa85106-3bd9-8511-8dec-215b53ac8b09");
      expect(call?.properties["eventId"]).toBe("0aa85106-3bd9-8511-8dec-215b53ac8b09");
    });

    it("loggers §5 fault 2: sends a bandit action with every member under its name", async ({
      collector,
    }) => {
      const [call] = await sentWith(collector, {}, (it) =>
        it.logBanditAction(banditAction("subject-1")),
      );
      const { messageId, ...sent } = banditAction("subject-1");
      expect(call).toMatchObject({ event: "Eppo Bandit Action", userId: "subject-1", messageId });
      expect(call?.properties).toEqual({ ...sent, eventId: messageId });
    });

    it("loggers §5 fault 14: uses the user's names and mappers", async ({ collector }) => {
      const calls = await sentWith(
        collector,
        {
          eventName: (event: object) => ("action" in event ? "Bandit" : "Assigned"),
          mapAssignment: ({ subject, variation }: Record<string, unknown>) => ({
            anonymousId: subject,
            properties: { variation, at: new Date(0) },
          }),
          mapBandit: () => ({ event: "Chosen", context: { app: { name: "shop" } } }),
          integrations: { All: false },
        },
        (logger) => {
          logger.logAssignment(assignment("subject-1"));
          logger.logBanditAction(banditAction("subject-1"));
        },
      );
      expect(calls[0]).toMatchObject({
        event: "Assigned",
        anonymousId: "subject-1",
        integrations: { All: false },
      });
      expect(calls[0]).not.toHaveProperty("userId");
      expect(calls[0]?.properties).toEqual({
        variation: "treatment",
        at: "1970-01-01T00:00:00.000Z",
      });
      expect(calls[1]).toMatchObject({ event: "Chosen", context: { app: { name: "shop" } } });
    });

    it.for([
      { includeEvaluationDetails: false, has: false },
      { includeEvaluationDetails: true, has: true },
    ])(
      "includes evaluation details: $has",
      async ({ includeEvaluationDetails, has }, { collector }) => {
        const evaluationDetails = { flagEvaluationCode: "MATCH" };
        const event = assignment("subject-1", { evaluationDetails });
        const [call] = await sentWith(collector, { includeEvaluationDetails }, (it) =>
          it.logAssignment(event),
        );
        expect("evaluationDetails" in (call?.properties ?? {})).toBe(has);
      },
    );
    const limits = [
      { flushAt: 500, status: 400 },
      { flushAt: undefined, status: 413 },
    ] as const;
    it.for(limits.filter((_, i) => isInPart(i)))(
      "loggers §5 fault 30: delivers 200 events of 10 kB to a service that returns $status for more than 500 kB or 100 events, with flushAt: $flushAt",
      async ({ flushAt, status }, { collector }) => {
        collector.answer({ kind: "limit", maxBytes: 500_000, maxEvents: 100, status });
        const logger = harness.create(collector.url, { ...HURRIED, diagnostics: SILENT, flushAt });
        const subjectAttributes = { text: "ü".repeat(5_000) };
        for (let i = 0; i < 200; i++) {
          logger.logAssignment(assignment(`subject-${i}`, { subjectAttributes }));
        }
        expect(await logger.flush(PATIENT)).toMatchObject({ delivered: 200 });
        // The logger limits batches by bytes, so the service never rejects one.
        expect(collector.requests.every((request) => request.status === 200)).toBe(true);
        for (let i = 200; i < 600; i++) logger.logAssignment(assignment(`subject-${i}`));
        expect(await logger.close(PATIENT)).toMatchObject({ delivered: 400 });
        expect(acceptedBy(collector, harness)).toHaveLength(600);
      },
    );

    it("loggers §5 fault 6: waits as long as Retry-After requests, although another request succeeds meanwhile", async ({
      collector,
    }) => {
      let requests = 0;
      collector.answer({
        kind: "each",
        next: () => {
          requests += 1;
          if (requests === 1) return { kind: "retry-after", seconds: 2 };
          return requests === 2 ? { kind: "ok", afterMs: 300 } : { kind: "ok" };
        },
      });
      const logger = harness.create(collector.url, { flushAt: 2, diagnostics: SILENT });
      for (let i = 0; i < 4; i++) logger.logAssignment(assignment(`subject-${i}`));
      expect(await logger.flush(PATIENT)).toMatchObject({ delivered: 4 });
      const [first, , ...others] = collector.requests.map(({ atMs }) => atMs);
      // The second request is already on its way when the service requests the pause.
      expect(others.length).toBeGreaterThan(0);
      for (const atMs of others) expect(atMs - (first ?? 0)).toBeGreaterThan(1_980);
      await logger.close(PATIENT);
    });

    it("loggers §5 fault 30: drops only the event that the service rejects because of its size", async ({
      collector,
    }) => {
      collector.answer({ kind: "limit", maxBytes: 15_000 });
      const logger = harness.create(collector.url, {
        ...HURRIED,
        diagnostics: SILENT,
        onError: () => {},
      });
      const subjectAttributes = { text: "x".repeat(20_000) };
      for (let i = 0; i < 20; i++) {
        logger.logAssignment(assignment(`subject-${i}`, i === 7 ? { subjectAttributes } : {}));
      }
      expect(await logger.close(PATIENT)).toMatchObject({
        delivered: 19,
        dropped: 1,
      });
      expect(logger.stats().droppedBy).toMatchObject({ "too-large": 1 });
    });
  });
}
