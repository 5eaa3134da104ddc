import { assignment } from "@sortition/test-kit/logger-contract";
import { expect, it, vi } from "vitest";
import { type BufferedLogger, type SegmentLoggerOptions, segmentLogger } from "../src/index.js";

const made = vi.hoisted(() => vi.fn());

vi.mock("@segment/analytics-node", () => ({
  Analytics: class {
    constructor(settings: object) {
      made(settings);
    }
    on(): void {}
    track(_: object, settle: () => void): void {
      settle();
    }
    async closeAndFlush(): Promise<void> {}
  },
}));

it.each([
  // Version 2 of the library retries 3 times by default, version 3 ten times.
  { options: {}, maxRetries: 10, because: "versions of the library differ in their default" },
  { options: { maxRetries: 0 }, maxRetries: 0, because: "the user says so" },
])("the library retries $maxRetries times, because $because", async ({ maxRetries, options }) => {
  made.mockClear();
  const settings: SegmentLoggerOptions = { writeKey: "key", ...options };
  const logger = segmentLogger(settings);
  logger.logAssignment(
    assignment("subject-1") as unknown as Parameters<BufferedLogger["logAssignment"]>[0],
  );
  await logger.close();
  expect(made.mock.calls).toEqual([[expect.objectContaining({ maxRetries })]]);
});
