import { describeDifferential, oneOf, seedOr } from "@sortition/dialect-kit/differential";
import { beforeAll, expect } from "vitest";
import { PLAN, SABOTAGES } from "./plan.js";

// Our client imports this library with its first event, which takes time that the fake clock does
// not count.
beforeAll(() => import("@amplitude/analytics-node"));

const seed = seedOr(20_261_125);

// A sample. The long test has more programs and all sabotages.
describeDifferential(PLAN, {
  seed,
  extent: 100,
  brief: 150,
  check: ({ cases }) => expect(cases).toBe(100),
  sabotages: oneOf(seed, SABOTAGES),
});
