/**
 * More than the 50,000 assignments in the SDKs' caches, so that a subject has left the caches when it is evaluated again.
 */
const SUBJECT_COUNT = 100_000;

/** Returns distinct subject keys of a typical length, such as `user-8245097163`. */
export const shortSubjectKeys: (count?: number) => readonly string[] = madeOnce((count) =>
  Array.from({ length: count }, (_, i) =>
    received(`user-${String((i * 7_919 + 1_000_000_007) % 10_000_000_019)}`),
  ),
);

/** Lets all tasks of a process share a list. A measured process has one task, but a test has dozens. */
function madeOnce(
  make: (count: number) => readonly string[],
): (count?: number) => readonly string[] {
  const lists = new Map<number, readonly string[]>();
  return (count = SUBJECT_COUNT) => {
    const list = lists.get(count) ?? make(count);
    lists.set(count, list);
    return list;
  };
}

/** Returns a string like one that a server reads from a request: flat, not interned, without shared memory. */
export function received(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}
