import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { beforeAll, expect } from "vitest";
import { PLAN } from "./plan.js";

// Our client imports this library with its first event, which takes time that the fake clock does
// not count.
beforeAll(() => import("@amplitude/analytics-node"));

describeDifferential(PLAN, {
  seed: seedOr(20_261_125),
  extent: 1_500,
  check: ({ cases }) => expect(cases).toBe(1_500),
});

describeDifferential(PLAN, {
  seed: seedOr(213_611_007),
  extent: 5_000,
  check: ({ cases }) => expect(cases).toBe(5_000),
});
