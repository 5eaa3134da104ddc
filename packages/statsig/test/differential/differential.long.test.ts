import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { expect } from "vitest";
import { planOf } from "./plan.js";

/** Number of payloads for each SDK. 150 compare 102,000 results. */
const PAYLOADS = Number(process.env["SORTITION_PAYLOADS"] ?? 15);
const SEED = seedOr(20_261_129);
const EXTENT = { payloads: PAYLOADS, usersEach: 20 };

describeDifferential(planOf("core"), {
  seed: SEED,
  extent: EXTENT,
  check: ({ cases }) => expect(cases).toBe(PAYLOADS * 20 * 17),
});
describeDifferential(planOf("legacy"), {
  seed: SEED,
  extent: EXTENT,
  check: ({ cases }) => expect(cases).toBe(PAYLOADS * 20 * 17),
});
