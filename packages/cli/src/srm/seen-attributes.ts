import { UsageError } from "../errors.js";
import type { JsonObject } from "../evaluate/request.js";
import { attributeNames, attributeValue } from "../events/attribute-value.js";
import { nearText } from "../near.js";

/** Maximum number of names to keep for suggestions. */
const MAX_NAMES = 1_000;

/** Maximum number of names in a message. */
const MAX_LISTED = 12;

/** Records which requested attributes occur, and which other attributes do. */
export class SeenAttributes {
  readonly #missing: Set<string>;
  readonly #names = new Set<string>();

  constructor(asked: readonly string[]) {
    this.#missing = new Set(asked);
  }

  note(attributes: JsonObject): void {
    if (this.#missing.size === 0) return;
    for (const name of this.#missing) {
      if (attributeValue(attributes, name) !== undefined) this.#missing.delete(name);
    }
    for (const name of attributeNames(attributes)) {
      if (this.#names.size < MAX_NAMES) this.#names.add(name);
    }
  }

  /**
   * Checks that all requested attributes occur.
   *
   * @param hintFor - returns a suggestion where else an attribute may be, or an empty string.
   * @throws UsageError that names a requested attribute that no exposure has.
   */
  check(hintFor: (name: string) => string): void {
    const [name] = this.#missing;
    if (name === undefined) return;
    const near = `${nearText(name, this.#names)}${hintFor(name)}`;
    const known = [...this.#names].slice(0, MAX_LISTED).join(", ");
    const more = near || (known === "" ? ": they have no attributes" : `; they have ${known}`);
    throw new UsageError(`--by: no exposure has the attribute ${JSON.stringify(name)}${more}`);
  }
}
