/** Counts the exposures that lack an attribute that a rule read. */
export class MissingAttributes {
  readonly #counts = new Map<string, number>();

  /** Number of exposures by attribute path. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** @param attribute - `null` if the exposure lacks something else. */
  note(attribute: string | null): void {
    if (attribute !== null) this.#counts.set(attribute, (this.#counts.get(attribute) ?? 0) + 1);
  }
}
