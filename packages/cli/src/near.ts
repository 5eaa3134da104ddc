import { nearestName } from "@sortition/core/internal";

/**
 * Suggests a known name, e.g. `, did you mean "checkout"?`. Up to a third of the characters may differ. Empty if
 * there is no such name.
 */
export function nearText(
  name: string,
  known: Iterable<string>,
  show: (name: string) => string = (it) => JSON.stringify(it),
): string {
  const nearest = nearestName(name, known, Math.max(1, Math.floor(name.length / 3)));
  return nearest === null ? "" : `, did you mean ${show(nearest)}?`;
}
