import type { JsonObject } from "../evaluate/request.js";
import type { Preset } from "./preset.js";

/** Columns are collected from the first rows and from some later ones, because exports omit empty cells. */
const FIRST_ROWS = 1_000;
const LATER = 97;
/** Maximum number of columns to keep. */
const MAX_NAMES = 1_000;

/** Records the columns of the rows and their preset. */
export class SeenColumns {
  readonly #names = new Set<string>();
  readonly #converted = new Map<string, string>();
  #preset: string | null = null;
  #rows = 0;

  /** @param preset - `null` if only `--map` reads the row. */
  note(row: JsonObject, preset: Preset | null): void {
    this.#rows += 1;
    if (this.#rows > FIRST_ROWS && this.#rows % LATER !== 0) return;
    this.#preset ??= preset?.name ?? null;
    for (const name of Object.keys(row)) {
      if (this.#names.size < MAX_NAMES) this.#names.add(name);
    }
  }

  /** Records that values of an attribute were converted. */
  noteConverted(attribute: string, type: string): void {
    this.#converted.set(attribute, type);
  }

  get names(): readonly string[] {
    return [...this.#names];
  }

  /** The preset of the first row; `null` if it has none. */
  get preset(): string | null {
    return this.#preset;
  }

  /** Attributes whose values were converted to the type that rules compare with. */
  get converted(): ReadonlyMap<string, string> {
    return this.#converted;
  }
}
