import type { Payload, PayloadSet } from "@sortition/core/internal";

/** Returns the set with this part replacing the one with the same name, or appended. */
export function withPart(held: PayloadSet | null, payload: Payload): PayloadSet {
  const parts = held ?? [];
  const index = parts.findIndex(({ part }) => part === payload.part);
  return index === -1 ? [...parts, payload] : parts.with(index, payload);
}
