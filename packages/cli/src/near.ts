import { nearestName } from "@sortition/core/internal";

/** `, did you mean "checkout"?` for a name that is within a third of its length; empty without one. */
export function nearText(
  name: string,
  known: Iterable<string>,
  show: (name: string) => string = (it) => JSON.stringify(it),
): string {
  const nearest = nearestName(name, known, Math.max(1, Math.floor(name.length / 3)));
  return nearest === null ? "" : `, did you mean ${show(nearest)}?`;
}
