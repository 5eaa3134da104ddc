import { nearText } from "../near.js";
import { count } from "../text/values.js";

/** Names that are told apart. */
const MAX_NAMES = 100_000;

/** Collects the names of experiments that no flag has. */
export class UnknownExperiments {
  readonly #names = new Set<string>();

  add(names: readonly string[]): void {
    for (const name of names) if (this.#names.size < MAX_NAMES) this.#names.add(name);
  }

  /** The first one with the nearest that there is, and how many others there are; `null`: there is none. */
  problem(known: Iterable<string>): string | null {
    const [first] = this.#names;
    if (first === undefined) return null;
    const others = this.#names.size - 1;
    const more = others === 0 ? "" : ` (and ${count(others)} others)`;
    return `no flag has the experiment ${JSON.stringify(first)}${nearText(first, known)}${more}`;
  }
}
