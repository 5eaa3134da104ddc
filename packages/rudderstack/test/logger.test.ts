import Analytics from "@rudderstack/rudder-sdk-node";
import { type Collector, startCollector } from "@sortition/test-kit";
import { assignment } from "@sortition/test-kit/logger-contract";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type BufferedLogger,
  type RudderstackLoggerOptions,
  rudderstackLogger,
} from "../src/index.js";

type AssignmentEvent = Parameters<BufferedLogger["logAssignment"]>[0];

describe("rudderstackLogger", () => {
  let collector: Collector;

  beforeEach(async () => {
    collector = await startCollector();
  });
  afterEach(() => collector.close());

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
