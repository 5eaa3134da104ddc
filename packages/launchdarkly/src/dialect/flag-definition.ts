import type { Decoded } from "@sortition/core/dialect";
import type { Outcome } from "./evaluation/outcome.js";
import type { PrerequisitePart, RulePart, Served, TargetPart } from "./flag-parts.js";

/** A decoded flag. */
export interface FlagDefinition {
  readonly key: string;
  readonly variations: readonly unknown[];
  readonly isOn: boolean;
  readonly off: Outcome;
  readonly prerequisites: Decoded<readonly Decoded<PrerequisitePart>[]>;
  readonly targets: Decoded<readonly Decoded<TargetPart>[]>;
  readonly rules: Decoded<readonly Decoded<RulePart>[]>;
  readonly fallthrough: Served;
}
