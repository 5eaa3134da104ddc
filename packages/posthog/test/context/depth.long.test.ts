import { describe } from "vitest";
import { describeDepth } from "./depth.js";

describe("30,000 nested contexts", () =>
  describeDepth({
    entered: 30_000,
    rearmed: 20_000,
    signalled: 5_000,
    requests: 5_000,
    captureEvery: 1,
    isMeasured: true,
  }));
