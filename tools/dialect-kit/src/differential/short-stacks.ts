import { afterAll, beforeAll } from "vitest";

/** The default of Node. Vitest sets 100. */
const FRAMES = 10;

/**
 * Limits stack traces to the length that users have. Tests with thousands of cases throw and catch
 * as many errors.
 */
export function useShortStacks(): void {
  const former = Error.stackTraceLimit;
  beforeAll(() => {
    Error.stackTraceLimit = FRAMES;
  });
  afterAll(() => {
    Error.stackTraceLimit = former;
  });
}
