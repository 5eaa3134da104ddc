import type { Attributes } from "../model/attributes.js";
import type { Vocabulary } from "./vocabulary.js";

/** Marks a number that has not been read yet. Infinite attributes are treated as missing, so no attribute has this value. */
const UNREAD = Number.POSITIVE_INFINITY;
const UNREAD_CODE = -1;

/** The attributes of a subject or an action for scoring. Flat attributes are used as both kinds. */
export interface ScoredAttributes {
  readonly numeric: Attributes;
  readonly categorical: Attributes;
  /** Whether the attributes are flat. If so, numbers are used only as numeric attributes, never as categories. */
  readonly isFlat: boolean;
}

/**
 * Reads attributes as numbers, by the slots of their names. An attribute is read on first use, because reading an
 * attribute that the model does not use could throw.
 */
export class Reading {
  readonly #numericNames: readonly string[];
  readonly #categorical: Vocabulary;
  readonly #numbers: number[];
  readonly #codes: number[];
  #attributes: ScoredAttributes;

  constructor(numeric: Vocabulary, categorical: Vocabulary, attributes: ScoredAttributes) {
    this.#numericNames = numeric.names;
    this.#categorical = categorical;
    this.#numbers = new Array<number>(numeric.names.length).fill(UNREAD);
    this.#codes = new Array<number>(categorical.names.length).fill(UNREAD_CODE);
    this.#attributes = attributes;
  }

  /** Restarts with the attributes of another action. */
  restart(attributes: ScoredAttributes): void {
    this.#attributes = attributes;
    const [numbers, codes] = [this.#numbers, this.#codes];
    for (let i = 0; i < numbers.length; i++) numbers[i] = UNREAD;
    for (let i = 0; i < codes.length; i++) codes[i] = UNREAD_CODE;
  }

  /** Returns the value of a numeric attribute, or NaN if it is missing. */
  number(slot: number): number {
    const known = this.#numbers[slot] as number; // the vocabulary numbers all slots
    return known === UNREAD ? this.#readNumber(slot) : known;
  }

  /** Returns the code of a categorical attribute's string, or 0 if it is missing or unknown. */
  code(slot: number): number {
    const known = this.#codes[slot] as number; // the vocabulary numbers all slots
    return known === UNREAD_CODE ? this.#readCode(slot) : known;
  }

  #readNumber(slot: number): number {
    const value = this.#attributes.numeric[this.#numericNames[slot] as string];
    const number = typeof value === "number" && Number.isFinite(value) ? value : Number.NaN;
    this.#numbers[slot] = number;
    return number;
  }

  #readCode(slot: number): number {
    const { categorical, isFlat } = this.#attributes;
    const name = this.#categorical.names[slot] as string;
    const value = categorical[name];
    const text = typeof value === "string" ? value : textOf(value, name, categorical, isFlat);
    // An empty string is not a category, even if the model contains it.
    const code = text === "" ? 0 : (this.#categorical.codes[slot]?.get(text) ?? 0);
    this.#codes[slot] = code;
    return code;
  }
}

/** Converts a categorical value to a string. Returns an empty string if the value is treated as missing. */
function textOf(value: unknown, name: string, owner: Attributes, isFlat: boolean): string {
  switch (typeof value) {
    case "undefined":
      return "";
    case "number":
      return isFlat ? "" : String(value);
    case "boolean":
      return String(value);
    default:
      // Inherited members are not attributes.
      return value === null || !Object.hasOwn(owner, name) ? "" : (value as object).toString();
  }
}
