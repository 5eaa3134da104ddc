import { Scope } from "../context/scope.js";
import type { ContextData, ContextOptions } from "../events/messages.js";

/**
 * Creates a scope with these values.
 *
 * @param around - the scope in which it is created, or `null`.
 */
export function scopeOf(
  around: Scope | null,
  data: ContextData,
  { fresh = false, signal }: ContextOptions,
): Scope {
  const { distinctId, sessionId, properties } = data;
  return new Scope(
    around,
    { isFresh: fresh, signal: signal ?? undefined },
    { distinctId, sessionId },
    properties,
  );
}

/** Returns the values of a scope, including inherited values. */
export function contextDataOf(scope: Scope): ContextData {
  const distinctId = scope.read("distinctId");
  const sessionId = scope.read("sessionId");
  // Quirk: a context has all members, unless it is fresh (posthog-node).
  if (!scope.isFresh) {
    return { distinctId, sessionId, properties: scope.tags() } as ContextData; // any of them may be undefined
  }
  return {
    ...(distinctId === undefined ? {} : { distinctId }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(scope.hasTags ? { properties: scope.tags() } : {}),
  };
}
