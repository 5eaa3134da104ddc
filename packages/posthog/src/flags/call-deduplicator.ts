/**
 * Remembers which flag calls were reported, once per person, flag, value and groups. At the limit, the least recently
 * seen person is forgotten.
 */
export class CallDeduplicator {
  readonly #maxPeople: number;
  readonly #reported = new Map<string, Set<string>>();

  constructor(maxPeople: number) {
    this.#maxPeople = Math.max(maxPeople, 1);
  }

  /** Returns whether the call must be reported, because it was not before. */
  isNew(
    distinctId: string,
    flagKey: string,
    response: unknown,
    groups: Readonly<Record<string, unknown>> | undefined,
  ): boolean {
    const entries = groups && Object.entries(groups).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = `${flagKey}_${String(response)}_${entries ? JSON.stringify(entries) : "[]"}`;
    const known = this.#reported.get(distinctId) ?? new Set<string>();
    // Moves the most recently seen person to the end.
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
