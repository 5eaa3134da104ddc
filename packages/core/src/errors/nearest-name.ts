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

/** Returns the candidate that differs only in its case or in `$`, `_` and `-`; `null` if there is none. */
export function otherSpelling(name: string, candidates: readonly string[]): string | null {
  const folded = (it: string): string => it.replace(/[$_-]/g, "").toLowerCase();
  return candidates.find((it) => folded(it) === folded(name)) ?? null;
}

/** Returns the part of an option's name that SDKs agree on: without its case, its separators and its unit. */
export function stemOf(name: string): string {
  const plain = name.replace(/[_-]/g, "").toLowerCase();
  return plain.replace(/(.)(ms|milli(s|seconds)|sec(s|onds)?|minutes)$/, "$1");
}

/** Shorter words, such as `id` and `on`, are part of too many names. */
const MIN_WORD = 3;
const MAX_RELATED = 3;

/** Returns the candidates that share a word, or the beginning of one, with a name. Empty if there are many. */
export function relatedNames(name: string, candidates: Iterable<string>): readonly string[] {
  const words = wordsOf(name);
  const isRelated = (it: string): boolean =>
    wordsOf(it).some((a) => words.some((b) => a.startsWith(b) || b.startsWith(a)));
  const related = [...candidates].filter(isRelated);
  return related.length > MAX_RELATED ? [] : related;
}

function wordsOf(name: string): readonly string[] {
  const words = name.replace(/[A-Z]+/g, (it) => `-${it.toLowerCase()}`).split(/[_-]/);
  return words.filter((word) => word.length >= MIN_WORD);
}
