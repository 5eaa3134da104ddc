import { runOf, seedOr } from "@sortition/dialect-kit/differential";
import { describeFuzzer } from "@sortition/dialect-kit/fuzz";
import { afterAll, beforeAll, vi } from "vitest";
import { FUZZ_PLAN } from "./fuzz-plan.js";

// Hides the vendor's reports of malformed parts.
beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterAll(() => {
  vi.restoreAllMocks();
});

describeFuzzer(
  FUZZ_PLAN,
  runOf({ seed: seedOr(20_261_120), rounds: 200 }, { seed: seedOr(20_261_120), rounds: 1_500 }),
);
