import { describe } from "vitest";
import { describeDepth } from "./depth.js";

// The chain that there was before overflowed the stack between 8,000 and 11,000; requests are dear.
describe("posthog fault 1: 12,000 contexts in each other", () =>
  describeDepth({
    entered: 12_000,
    rearmed: 12_000,
    signalled: 2_000,
    requests: 150,
    captureEvery: 60,
    isMeasured: false,
  }));
