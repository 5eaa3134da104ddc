/** Counts how often a generator has produced each item that it should try, in named groups. */
export class CoverageCounts {
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #summarised: readonly string[];

  /**
   * @param groups - the members of each group. Only these can be counted.
   * @param summarised - groups that are too large to print each member.
   */
  constructor(
    groups: Readonly<Record<string, readonly string[]>>,
    summarised: readonly string[] = [],
  ) {
    for (const [group, names] of Object.entries(groups)) {
      this.#counts.set(group, new Map(names.map((name) => [name, 0])));
    }
    this.#summarised = summarised;
  }

  /**
   * Counts one member.
   *
   * @throws Error if the group has no such member, because it would be missing from the report.
   */
  add(group: string, name: string): void {
    const counts = this.#counts.get(group);
    const count = counts?.get(name);
    if (counts === undefined || count === undefined)
      throw new Error(`not in the table of coverage: ${group}: ${name}`);
    counts.set(name, count + 1);
  }

  /** Counts several members of a group. */
  addAll(group: string, names: readonly string[]): void {
    for (const name of names) this.add(group, name);
  }

  /** Members that were never counted, as `group: name`. */
  get missing(): readonly string[] {
    return [...this.#counts].flatMap(([group, counts]) =>
      [...counts].flatMap(([name, count]) => (count === 0 ? [`${group}: ${name}`] : [])),
    );
  }

  /** All counts, one line per group. */
  toString(): string {
    return [...this.#counts]
      .map(([group, counts]) => {
        const members = [...counts];
        if (!this.#summarised.includes(group)) {
          return `${group}: ${members.map(([name, count]) => `${name} ${count}`).join(" · ")}`;
        }
        const least = Math.min(...counts.values());
        const met = members.filter(([, count]) => count > 0).length;
        return `${group}: ${met} of ${counts.size} combinations, each at least ${least} times`;
      })
      .join("\n");
  }
}

/** Returns all combinations of two lists of names, for groups that count pairs. */
export function product(left: readonly string[], right: readonly string[]): readonly string[] {
  return left.flatMap((a) => right.map((b) => `${a} ${b}`));
}
