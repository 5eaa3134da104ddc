import { describe, it } from "vitest";
import { ANSWERS } from "./answers.js";
import type { DialectCheck } from "./check.js";
import { ENDPOINTS } from "./endpoints.js";
import { EXPLANATIONS } from "./explanations.js";
import type { DialectHarness } from "./harness.js";
import { HOSTILE } from "./hostile.js";
import { IDENTITY } from "./identity.js";
import { PRIVACY } from "./privacy.js";

/** Hundreds of payloads are compiled. */
const TIMEOUT_MS = 120_000;

/** All rules that a dialect keeps. */
export const DIALECT_CHECKS: readonly DialectCheck[] = [
  ...ANSWERS,
  ...IDENTITY,
  ...HOSTILE,
  ...PRIVACY,
  ...EXPLANATIONS,
  ...ENDPOINTS,
];

/** Declares the contract tests of one dialect. */
export function describeDialect(harness: DialectHarness): void {
  describe(`the dialect ${harness.name}`, () => {
    for (const { check, name } of DIALECT_CHECKS) it(name, () => check(harness), TIMEOUT_MS);
  });
}
