import { describe, it } from "vitest";
import { useShortStacks } from "../differential/short-stacks.js";
import { ANSWERS } from "./answers.js";
import type { DialectCheck } from "./check.js";
import { DESCRIBED_GETTERS } from "./described-getters.js";
import { ENDPOINTS } from "./endpoints.js";
import { EXPLANATIONS } from "./explanations.js";
import type { DialectHarness } from "./harness.js";
import { checkMutations, HOSTILE } from "./hostile.js";
import { IDENTITY } from "./identity.js";
import { PRIVACY } from "./privacy.js";

/** Hundreds of payloads are compiled. */
const TIMEOUT_MS = 120_000;

/** Mutations of a payload that a long test tries: a sample. More in the environment, for one run. */
const MANY_MUTATIONS = Number(process.env["SORTITION_MUTATIONS"] ?? 400);
const LONG_TIMEOUT_MS = 3_600_000;

/** All rules that a dialect keeps. */
export const DIALECT_CHECKS: readonly DialectCheck[] = [
  ...ANSWERS,
  ...IDENTITY,
  ...HOSTILE,
  ...PRIVACY,
  ...EXPLANATIONS,
  ...DESCRIBED_GETTERS,
  ...ENDPOINTS,
];

/** Declares the contract tests of one dialect. */
export function describeDialect(harness: DialectHarness): void {
  describe(`the dialect ${harness.name}`, () => {
    useShortStacks();
    for (const { check, name } of DIALECT_CHECKS) it(name, () => check(harness), TIMEOUT_MS);
  });
}

/** Declares the mutation rule for a long test, with more mutations. */
export function describeMutations(harness: DialectHarness): void {
  describe(`the dialect ${harness.name}`, () => {
    useShortStacks();
    it(
      `never throws for any JSON and answers in time, in ${MANY_MUTATIONS} mutations`,
      async () => {
        const slowestMs = await checkMutations(harness, MANY_MUTATIONS);
        process.stderr.write(`${harness.name}: slowest evaluation ${slowestMs.toFixed(0)} ms\n`);
      },
      LONG_TIMEOUT_MS,
    );
  });
}
