import { describeDifferential, seedOr } from "@sortition/dialect-kit/differential";
import { expect } from "vitest";
import { PLAN } from "./plan.js";
import { breakFamily } from "./sabotage.js";
import { FAMILIES } from "./values.js";

describeDifferential(PLAN, {
  seed: seedOr(20_261_120),
  extent: { configurations: 500, callsEach: 40 },
  brief: { configurations: 120, callsEach: 6 },
  check: ({ cases }) => expect(cases).toBeGreaterThanOrEqual(20_000),
  sabotages: FAMILIES.map((family) => ({
    name: `operators of the family ${family}`,
    sabotage: (flags) => breakFamily(flags, family),
  })),
});
