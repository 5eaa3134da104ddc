import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { beforeAll, expect } from "vitest";
import { PLAN } from "./plan.js";

// Our client imports this library with its first event, which takes time that the fake clock does
// not count.
beforeAll(() => import("@amplitude/analytics-node"));

// A sample. The long test has more programs.
describeDifferential(PLAN, {
  seed: seedOr(20_261_125),
  extent: 40,
  check: ({ cases }) => expect(cases).toBe(40),
});
