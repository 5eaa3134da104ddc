/** Maximum number of candidates. Further ones are ignored. */
const MAX_CANDIDATES = 5_000;
/** Maximum number of characters that are compared. */
const MAX_LENGTH = 64;

/**
 * Returns the candidate that was probably meant, which is the one with the fewest edits, ignoring case. Two swapped
 * letters are one edit.
 *
 * @param maxDistance - `null` is returned if all candidates are further away.
 */
export function nearestName(
  name: string,
  candidates: Iterable<string>,
  maxDistance: number = Number.POSITIVE_INFINITY,
): string | null {
  const wanted = name.slice(0, MAX_LENGTH).toLowerCase();
  let nearest: string | null = null;
  let smallest = maxDistance;
  let count = 0;
  for (const candidate of candidates) {
    if (++count > MAX_CANDIDATES) break;
    // The lengths may already differ too much.
    if (Math.abs(candidate.length - name.length) > smallest) continue;
    const distance = distanceBetween(wanted, candidate.slice(0, MAX_LENGTH).toLowerCase());
    if (distance < smallest || (nearest === null && distance === smallest)) {
      smallest = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Returns the number of insertions, deletions, replacements and swaps of adjacent letters. */
function distanceBetween(a: string, b: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : replaced;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced, swapped));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
