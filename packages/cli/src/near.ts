import { nearestName } from "@sortition/core/internal";

/**
 * Suggests a known name, e.g. `, did you mean "checkout"?`. Up to a third of the characters may differ, or the end of
 * the only such name may be missing. Empty if there is no such name.
 */
export function nearText(
  name: string,
  known: Iterable<string>,
  show: (name: string) => string = (it) => JSON.stringify(it),
): string {
  const names = [...known];
  const near = nearestName(name, names, Math.max(1, Math.floor(name.length / 3)));
  const [longer, ...others] = names.filter((it) => name.length > 2 && it.startsWith(name));
  const nearest = near ?? (others.length === 0 ? (longer ?? null) : null);
  return nearest === null ? "" : `, did you mean ${show(nearest)}?`;
}
