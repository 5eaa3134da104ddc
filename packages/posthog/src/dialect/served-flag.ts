import type { CompiledFlag } from "@sortition/core/dialect";
import type { DependencyTarget } from "./evaluation/evaluation-call.js";
import type { FlagValue } from "./evaluation/outcome.js";
import type { PosthogExtras } from "./extras.js";
import type { FlagDefinition } from "./flag-wire.js";

/** A flag of a configuration. */
export interface ServedFlag extends CompiledFlag<PosthogExtras>, DependencyTarget {
  /** `null` for a flag that cannot be read at all: evaluating it throws. */
  readonly definition: FlagDefinition | null;
  /** The payload that belongs to a value, whatever the flag evaluates to; `undefined`: there is none. */
  payloadOf(value: FlagValue): unknown;
}
