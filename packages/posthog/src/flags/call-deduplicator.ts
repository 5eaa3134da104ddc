/**
 * Remembers which flag calls were reported: once per person, flag, value and groups. The person that was
 * not seen for the longest time is forgotten first.
 */
export class CallDeduplicator {
  readonly #maxPeople: number;
  readonly #reported = new Map<string, Set<string>>();

  constructor(maxPeople: number) {
    this.#maxPeople = Math.max(maxPeople, 1);
  }

  /** Whether the call is to be reported: it was not before. */
  isNew(
    distinctId: string,
    flagKey: string,
    response: unknown,
    groups: Readonly<Record<string, unknown>> | undefined,
  ): boolean {
    const entries = groups && Object.entries(groups).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = `${flagKey}_${String(response)}_${entries ? JSON.stringify(entries) : "[]"}`;
    const known = this.#reported.get(distinctId) ?? new Set<string>();
    // To the end: the person was seen just now.
    this.#reported.delete(distinctId);
    this.#reported.set(distinctId, known);
    if (known.has(key)) return false;
    known.add(key);
    if (this.#reported.size > this.#maxPeople) {
      const [oldest = ""] = this.#reported.keys();
      this.#reported.delete(oldest);
    }
    return true;
  }

  clear(): void {
    this.#reported.clear();
  }
}
