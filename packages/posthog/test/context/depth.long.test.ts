import { describe } from "vitest";
import { describeDepth } from "./depth.js";

describe("100,000 nested contexts", () =>
  describeDepth({
    entered: 100_000,
    rearmed: 50_000,
    signalled: 20_000,
    requests: 20_000,
    captureEvery: 1,
    isMeasured: true,
  }));
