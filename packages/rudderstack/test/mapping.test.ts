import Analytics from "@rudderstack/rudder-sdk-node";
import { eventIdOf } from "@sortition/core/logger";
import { type Collector, startCollector } from "@sortition/test-kit";
import { assignment, banditAction, TIMESTAMP } from "@sortition/test-kit/logger-contract";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type BufferedLogger,
  type RudderstackLoggerOptions,
  rudderstackLogger,
} from "../src/index.js";
import { batchOf, type RudderEvent } from "./support/harness.js";

let collector: Collector;

beforeEach(async () => {
  collector = await startCollector();
});
afterEach(() => collector.close());

type AssignmentEvent = Parameters<BufferedLogger["logAssignment"]>[0];
type BanditEvent = Parameters<BufferedLogger["logBanditAction"]>[0];

/** What arrives of the events of one logger. */
async function sentWith(
  options: Partial<RudderstackLoggerOptions>,
  log: (logger: BufferedLogger) => void,
): Promise<readonly RudderEvent[]> {
  const logger = rudderstackLogger({ writeKey: "key", dataPlaneUrl: collector.url, ...options });
  log(logger);
  await logger.close();
  return collector.requests.flatMap(batchOf);
}

/** The sample events have every member that a client's event has. */
const sampleAssignment = assignment("subject-1") as unknown as AssignmentEvent;
const sampleAction = banditAction("subject-1") as unknown as BanditEvent;

describe("rudderstackLogger", () => {
  it("1: sends an assignment with every member under its name", async () => {
    const [event] = await sentWith({}, (logger) => logger.logAssignment(sampleAssignment));
    const { format, entityId, messageId, ...sent } = assignment("subject-1");
    expect(event).toMatchObject({
      type: "track",
      event: "Eppo Randomization Assignment",
      userId: "subject-1",
      messageId,
      timestamp: TIMESTAMP,
    });
    expect(event?.properties).toEqual({ ...sent, eventId: messageId });
    expect([format, entityId]).toEqual(["SERVER", null]);
    expect(collector.requests[0]).toMatchObject({
      path: "/v1/batch",
      headers: { authorization: `Basic ${Buffer.from("key:").toString("base64")}` },
    });
  });

  it("1: makes the id of an event that has none by the formula of the client", async () => {
    // `timestamp` is 2026-01-02T03:04:05.678Z in the vectors of the formula.
    const event = {
      ...assignment("alice"),
      allocation: "allocation-1",
      messageId: undefined,
    } as unknown as AssignmentEvent;
    const [sent] = await sentWith({}, (logger) => logger.logAssignment(event));
    expect(sent?.messageId).toBe("5807d0c0-6f99-8562-9805-2922ccea30c1");
    expect(sent?.properties["eventId"]).toBe("5807d0c0-6f99-8562-9805-2922ccea30c1");
    expect(eventIdOf({ kind: "assignment", event })).toBe(sent?.messageId);
  });

  it("2: sends a choice of a bandit with every member under its name", async () => {
    const [event] = await sentWith({}, (logger) => logger.logBanditAction(sampleAction));
    const { messageId, ...sent } = banditAction("subject-1");
    expect(event).toMatchObject({ event: "Eppo Bandit Action", userId: "subject-1", messageId });
    expect(event?.properties).toEqual({ ...sent, eventId: messageId });
  });

  it("14: sends what the user's names and mappers say", async () => {
    const events = await sentWith(
      {
        eventName: (event) => ("action" in event ? "Bandit" : "Assigned"),
        mapAssignment: ({ subject, variation }) => ({
          anonymousId: subject,
          properties: { variation, at: new Date(0) },
        }),
        mapBandit: () => ({ event: "Chosen", context: { app: { name: "shop" } } }),
        integrations: { All: false },
      },
      (logger) => {
        logger.logAssignment(sampleAssignment);
        logger.logBanditAction(sampleAction);
      },
    );
    expect(events[0]).toMatchObject({
      event: "Assigned",
      anonymousId: "subject-1",
      integrations: { All: false },
    });
    expect(events[0]).not.toHaveProperty("userId");
    expect(events[0]?.properties).toEqual({
      variation: "treatment",
      at: "1970-01-01T00:00:00.000Z",
    });
    expect(events[1]).toMatchObject({ event: "Chosen", context: { app: { name: "shop" } } });
  });

  it.each([
    { includeEvaluationDetails: false, has: false },
    { includeEvaluationDetails: true, has: true },
  ])("sends evaluation details: $has", async ({ includeEvaluationDetails, has }) => {
    const event = { ...sampleAssignment, evaluationDetails: { flagEvaluationCode: "MATCH" } };
    const [sent] = await sentWith({ includeEvaluationDetails }, (l) => l.logAssignment(event));
    expect("evaluationDetails" in (sent?.properties ?? {})).toBe(has);
  });

  it.each([
    { options: {}, option: "writeKey" },
    { options: { writeKey: " ", dataPlaneUrl: "x" }, option: "writeKey" },
    { options: { writeKey: "key" }, option: "dataPlaneUrl" },
    { options: { writeKey: "key", flushat: 3 }, option: "flushat" },
    { options: { writeKey: "key", dataPlaneUrl: "x", flushAt: 501 }, option: "flushAt" },
    { options: { writeKey: "key", overflow: "block" }, option: "overflow" },
    {
      options: { writeKey: "key", includeSubjectAttributes: 7 },
      option: "includeSubjectAttributes",
    },
    { options: { analytics: {} }, option: "analytics" },
  ])("refuses the option $option", ({ options, option }) => {
    expect(() => rudderstackLogger(options as unknown as RudderstackLoggerOptions)).toThrow(
      expect.objectContaining({ code: "SORTITION_OPTION", option }),
    );
  });

  it.each([
    { has: false, warnings: 1, because: "its failures would end the process" },
    { has: true, warnings: 0, because: "its failures are handled" },
  ])("warns $warnings times of an instance, because $because", ({ has, warnings }) => {
    const told: string[] = [];
    const analytics = new Analytics("key", has ? { errorHandler: () => {} } : {});
    const note = (message: string): void => void told.push(message);
    const diagnostics = { debug: note, info: note, warn: note, error: note };
    rudderstackLogger({ analytics, diagnostics });
    expect(told).toHaveLength(warnings);
  });

  it("keeps the queue of the library short", async () => {
    const analytics = new Analytics("key", {
      dataPlaneUrl: collector.url,
      errorHandler: () => {},
      logLevel: "none",
    });
    collector.answer({ kind: "hang" });
    const logger = rudderstackLogger({ analytics });
    for (let i = 0; i < 500; i++) {
      logger.logAssignment(assignment(`subject-${i}`) as unknown as AssignmentEvent);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(logger.stats()).toMatchObject({ buffered: 500, inFlight: 40 });
    await logger.close({ timeoutMs: 10 });
  });
});
