import type { Client } from "@sortition/core";
import type { EvaluationDetails } from "@sortition/core/eppo";
import { withUncheckedOverrides } from "@sortition/core/internal";
import type { ClientState } from "../client-state.js";
import type { Variation } from "../model/flag.js";
import { throwingTypeErrors } from "../strict-mode.js";

/**
 * Returns the client that evaluates a flag, with the store's override if there is one.
 *
 * @param expectedType - the type to name in errors, if it is not a getter's type.
 */
export function clientFor(
  state: ClientState,
  flagKey: string,
  expectedType?: string,
): Client<EvaluationDetails> {
  return state.overrideStore === null && !state.isStrict
    ? state.native
    : unusual(state, flagKey, expectedType);
}

/** A separate function, because the JavaScript engine inlines only small ones. */
function unusual(
  state: ClientState,
  flagKey: string,
  expectedType: string | undefined,
): Client<EvaluationDetails> {
  const client = state.overrideStore === null ? state.native : overriding(state, flagKey);
  return state.isStrict ? throwingTypeErrors(client, flagKey, expectedType) : client;
}

function overriding(state: ClientState, flagKey: string): Client<EvaluationDetails> {
  const { native, parts } = state;
  const override = overrideOf(state, flagKey);
  if (override === null) return native;
  try {
    return withUncheckedOverrides(native, { [flagKey]: override });
  } catch (error) {
    parts.diagnostics.warn("override ignored", { flagKey, error });
    return native;
  }
}

/** Returns the override that applies to a flag, from the store if there is one. */
export function overrideOf(
  { overrideStore, overrides, parts }: ClientState,
  flagKey: string,
): Variation | null {
  if (overrideStore === null) {
    return overrides !== null && Object.hasOwn(overrides, flagKey)
      ? (overrides[flagKey] ?? null)
      : null;
  }
  try {
    return overrideStore.get(flagKey) ?? null;
  } catch (error) {
    parts.diagnostics.warn("override store failed", { flagKey, error });
    return null;
  }
}
