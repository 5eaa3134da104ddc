import { nearText } from "../near.js";
import { count } from "../text/values.js";

/** Maximum number of names to keep. */
const MAX_NAMES = 100_000;

/** Collects the names of experiments without a flag. */
export class UnknownExperiments {
  readonly #names = new Set<string>();

  add(name: string): void {
    if (this.#names.size < MAX_NAMES) this.#names.add(name);
  }

  /**
   * Returns a message that names the first experiment, suggests a known name and counts the others; `null` if there
   * are none.
   */
  problem(known: Iterable<string>): string | null {
    const [first] = this.#names;
    if (first === undefined) return null;
    const others = this.#names.size - 1;
    const more = others === 0 ? "" : ` (and ${count(others)} others)`;
    return `no flag runs the experiment ${JSON.stringify(first)}${nearText(first, known)}${more}`;
  }
}
