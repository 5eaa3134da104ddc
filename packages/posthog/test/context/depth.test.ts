import { describe } from "vitest";
import { describeDepth } from "./depth.js";

// An earlier implementation overflowed the stack between 8,000 and 11,000 contexts. There are fewer requests, because
// they are slow.
describe("12,000 nested contexts", () =>
  describeDepth({
    entered: 12_000,
    rearmed: 12_000,
    signalled: 2_000,
    requests: 150,
    captureEvery: 60,
    isMeasured: false,
  }));
