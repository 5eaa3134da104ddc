import type { DialectHarness } from "./harness.js";

/** One rule of the contract. */
export interface DialectCheck {
  /** Completes a sentence that starts with "the dialect". */
  readonly name: string;
  /** @throws if the dialect breaks the rule. */
  check(harness: DialectHarness): Promise<void>;
}
