import type { CompiledFlag } from "@sortition/core/dialect";
import type { DependencyTarget } from "./evaluation/evaluation-call.js";
import type { FlagValue } from "./evaluation/outcome.js";
import type { PosthogExtras } from "./extras.js";
import type { FlagDefinition } from "./flag-wire.js";

export interface ServedFlag extends CompiledFlag<PosthogExtras>, DependencyTarget {
  /** `null` for a flag that cannot be decoded. Evaluating it throws. */
  readonly definition: FlagDefinition | null;
  /** Returns the payload of a value, regardless of the flag's evaluation, or `undefined` if there is none. */
  payloadOf(value: FlagValue): unknown;
}
