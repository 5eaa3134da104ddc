import { describe, it } from "vitest";
import { ANSWERS } from "./answers.js";
import type { DialectCheck } from "./check.js";
import { DESCRIBED_GETTERS } from "./described-getters.js";
import { ENDPOINTS } from "./endpoints.js";
import { EXPLANATIONS } from "./explanations.js";
import type { DialectHarness } from "./harness.js";
import { checkMutations, HOSTILE } from "./hostile.js";
import { IDENTITY } from "./identity.js";
import { LONG_LISTS } from "./long-lists.js";
import { OPEN_FEATURE } from "./open-feature.js";
import { PRIVACY } from "./privacy.js";

/**
 * Number of mutations in a long test, which is a sample. `SORTITION_MUTATIONS` sets another number.
 */
const MANY_MUTATIONS = Number(process.env["SORTITION_MUTATIONS"] ?? 60);
const LONG_TIMEOUT_MS = 3_600_000;

/** All rules of the contract. */
const DIALECT_CHECKS: readonly DialectCheck[] = [
  ...ANSWERS,
  ...IDENTITY,
  ...HOSTILE,
  ...LONG_LISTS,
  ...PRIVACY,
  ...EXPLANATIONS,
  ...DESCRIBED_GETTERS,
  ...ENDPOINTS,
  ...OPEN_FEATURE,
];

/** Declares the contract tests of one dialect. */
export function describeDialect(harness: DialectHarness): void {
  describe(`the dialect ${harness.name}`, () => {
    for (const { check, name } of DIALECT_CHECKS) it(name, () => check(harness));
  });
}

/** Declares long tests of the rules for mutations, with more mutations, or with all of them. */
export function describeMutations(harness: DialectHarness): void {
  describe(`the dialect ${harness.name}`, () => {
    for (const { check, name } of DESCRIBED_GETTERS)
      it(name, () => check(harness), LONG_TIMEOUT_MS);
    it(
      `never throws for any JSON, in ${MANY_MUTATIONS} mutations`,
      () => checkMutations(harness, MANY_MUTATIONS),
      LONG_TIMEOUT_MS,
    );
  });
}
