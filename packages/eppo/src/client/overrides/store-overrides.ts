import type { Client } from "@sortition/core";
import type { EvaluationDetails } from "@sortition/core/eppo";
import type { ClientState } from "../client-state.js";
import type { Variation } from "../model/flag.js";
import { throwingTypeErrors } from "../strict-mode.js";

/**
 * The client that answers for a flag: with the override of the store, if it has one.
 *
 * @param expectedType - the type that errors name, if it is not one of the getters'.
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

/** In a function of its own: the engine inlines only small functions. */
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
    return native.withOverrides({ [flagKey]: override });
  } catch (error) {
    parts.diagnostics.warn("override ignored", { flagKey, error });
    return native;
  }
}

/** The override that applies to a flag: of the store, if there is one. */
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
