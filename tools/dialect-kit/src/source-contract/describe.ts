import { describe, it } from "vitest";
import { SOURCE_CHECKS, type SourceCheck } from "./checks.js";
import type { SourceHarness } from "./harness.js";

/** Abilities that not every source has. */
export type SourceAbility = NonNullable<SourceCheck["needs"]>;

/**
 * Declares the contract tests of one source.
 *
 * @param abilities - abilities of the source. Rules that require another ability are skipped.
 */
export function describeConfigurationSource(
  harness: SourceHarness,
  abilities: readonly SourceAbility[] = ["publish", "fail", "severalClients"],
): void {
  describe(`the source ${harness.name}`, () => {
    for (const { check, name, needs } of SOURCE_CHECKS) {
      if (needs === undefined || abilities.includes(needs)) it(name, () => check(harness));
    }
  });
}
