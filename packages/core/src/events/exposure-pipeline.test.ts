import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it, vi } from "vitest";
import type { AssignmentLogger } from "../delivery/assignment-logger.js";
import type { AssignmentEvent, ExposureBase } from "../model/exposure.js";
import type { ExposureContext } from "./exposure-context.js";
import { createExposurePipeline } from "./exposure-pipeline.js";

const BASE: ExposureBase = {
  experiment: "exp",
  featureFlag: null,
  allocation: "everyone",
  variation: "on",
  extraLogging: {},
};

const CALL: ExposureContext = {
  flagKey: "flag",
  subject: { key: "alice", attributes: { country: "DK" } },
  configuration: {},
  nowMs: () => 0,
};

function setUp(logger: Partial<AssignmentLogger>) {
  const events: AssignmentEvent[] = [];
  const logAssignment = (event: AssignmentEvent): void => void events.push(event);
  const clock = createFakeClock();
  const diagnostics = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const pipeline = createExposurePipeline({
    loggers: { logAssignment, ...logger },
    sdk: { name: "sdk", version: "1" },
    clock,
    diagnostics,
  });
  return { clock, diagnostics, events, pipeline };
}

describe("createExposurePipeline", () => {
  it("logs every event, like a client without deduplication", async () => {
    const { events, pipeline } = setUp({});
    expect(pipeline.record(BASE, CALL, { why: "test" })).toMatchObject({ reason: "delivered" });
    pipeline.record(BASE, CALL, null);
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({
      featureFlag: "flag",
      experiment: "exp",
      allocation: "everyone",
      variation: "on",
      subject: "alice",
      subjectAttributes: { country: "DK" },
      timestamp: "1970-01-01T00:00:00.000Z",
      metaData: { sdkLanguage: "javascript", sdkName: "sdk", sdkLibVersion: "1" },
      evaluationDetails: { why: "test" },
    });
    expect(events[1]).not.toHaveProperty("evaluationDetails");
    expect((await pipeline.flush(1_000)).totals).toMatchObject({ delivered: 2 });
  });

  it("reports a logger's error, and continues", () => {
    const { diagnostics, pipeline } = setUp({
      logAssignment() {
        throw new Error("broken");
      },
    });
    expect(pipeline.record(BASE, CALL, null)).toMatchObject({ reason: "logger-failed" });
    expect(diagnostics.error).toHaveBeenCalledTimes(1);
  });

  it("flushes within its time-out", async () => {
    const { clock, pipeline } = setUp({ logAssignment: () => new Promise(() => {}) });
    pipeline.record(BASE, CALL, null);
    const flushing = pipeline.flush(500);
    await clock.advance(500);
    expect(await flushing).toMatchObject({ underWay: 1, pending: 1, timedOut: true });
    expect(clock.pending.some(({ holdsProcess }) => holdsProcess)).toBe(false);
  });

  it("closes an owned logger too, and then accepts no more events", async () => {
    const close = vi.fn();
    const { events, pipeline } = setUp({ close, owned: true });
    pipeline.record(BASE, CALL, null);
    await pipeline.close(500);
    expect(close).toHaveBeenCalledTimes(1);
    expect(pipeline.record(BASE, CALL, null)).toMatchObject({ reason: "closed" });
    expect(events).toHaveLength(1);
  });
});
