import { seededRandom } from "@sortition/test-kit/random";

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

/** Returns distinct UUIDs as subject keys. With the salt, they need two blocks of MD5. */
export const uuidSubjectKeys: (count?: number) => readonly string[] = madeOnce((count) => {
  const random = seededRandom(1);
  const hex = (digits: number): string =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, "0");
  return Array.from({ length: count }, () =>
    received(`${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`),
  );
});

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
