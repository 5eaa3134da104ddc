import { afterAll, beforeAll } from "vitest";

/** As Node has it. Vitest's own limit is 100. */
const FRAMES = 10;

/** Lets errors have stacks as short as a user's: tests of thousands of cases throw and catch as many. */
export function useShortStacks(): void {
  const former = Error.stackTraceLimit;
  beforeAll(() => {
    Error.stackTraceLimit = FRAMES;
  });
  afterAll(() => {
    Error.stackTraceLimit = former;
  });
}
