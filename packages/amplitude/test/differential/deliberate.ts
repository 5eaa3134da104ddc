import type { NamedDifference } from "@sortition/dialect-kit/differential";
import type { Case } from "./plan.js";

/** The deliberate differences. */
export const DELIBERATE: readonly NamedDifference<Case>[] = [];
