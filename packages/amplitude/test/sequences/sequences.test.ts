import { describeDifferential, runOf, seedOr } from "@sortition/dialect-kit/differential";
import { beforeAll } from "vitest";
import { PLAN } from "./plan.js";

// Our client imports this library with its first event, which takes time that the fake clock does
// not count.
beforeAll(() => import("@amplitude/analytics-node"));

// A sample. The long test has more programs.
describeDifferential(
  PLAN,
  runOf(
    { seed: seedOr(20_261_125), extent: 40, least: 40 },
    { seed: seedOr(213_611_007), extent: 1_500, least: 1_500 },
  ),
);
