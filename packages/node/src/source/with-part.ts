import type { Payload, PayloadSet } from "@sortition/core/kit";

/** A set with this part in the place of the one of its name, or after the others. */
export function withPart(held: PayloadSet | null, payload: Payload): PayloadSet {
  const parts = held ?? [];
  const index = parts.findIndex(({ part }) => part === payload.part);
  return index === -1 ? [...parts, payload] : parts.with(index, payload);
}
