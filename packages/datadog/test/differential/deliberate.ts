import type { NamedDifference } from "@sortition/dialect-kit/differential";
import type { Case } from "./plan.js";

/** The deliberate differences, which `docs/vendors/datadog.md` and `../differences.md` list. */
export const DELIBERATE: readonly NamedDifference<Case>[] = [
  {
    name: "exposure without a targeting key",
    because: "an exposure without a subject is not logged; the vendor logs it with the subject ''",
    explains: ({ path }, { call: { targetingKey = null } }) =>
      path.startsWith("exposures") && targetingKey === null,
  },
];
