import type { Attributes } from "../../model/attributes.js";
import type { Vocabulary } from "./vocabulary.js";

/** Stands for a number that nobody has asked for: an attribute that is infinite counts as missing. */
const UNREAD = Number.POSITIVE_INFINITY;
const UNREAD_CODE = -1;

/** The attributes of a subject or an action, as they are scored. Flat ones stand in both places. */
export interface ScoredAttributes {
  readonly numeric: Attributes;
  readonly categorical: Attributes;
  /** Whether numbers among the categorical ones are numeric, and so missing there. */
  readonly isFlat: boolean;
}

/**
 * Reads attributes as numbers, by the slots of their names. Each is read when it is first asked for,
 * and only then: what no coefficient asks for may as well be something that throws.
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

  /** Goes on with the attributes of another one. */
  restart(attributes: ScoredAttributes): void {
    this.#attributes = attributes;
    const [numbers, codes] = [this.#numbers, this.#codes];
    for (let i = 0; i < numbers.length; i++) numbers[i] = UNREAD;
    for (let i = 0; i < codes.length; i++) codes[i] = UNREAD_CODE;
  }

  /** The value of a numeric attribute; NaN if it counts as missing. */
  number(slot: number): number {
    const known = this.#numbers[slot] as number; // slots are those of the vocabulary
    return known === UNREAD ? this.#readNumber(slot) : known;
  }

  /** The code of a categorical attribute's text; 0 if it is missing, or a text that is not known. */
  code(slot: number): number {
    const known = this.#codes[slot] as number; // slots are those of the vocabulary
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
    // An empty text is no category, even where the model has it.
    const code = text === "" ? 0 : (this.#categorical.codes[slot]?.get(text) ?? 0);
    this.#codes[slot] = code;
    return code;
  }
}

/** Text of a categorical value that is none; empty if it counts as missing. */
function textOf(value: unknown, name: string, owner: Attributes, isFlat: boolean): string {
  switch (typeof value) {
    case "undefined":
      return "";
    case "number":
      return isFlat ? "" : String(value);
    case "boolean":
      return String(value);
    default:
      // Not an attribute, if every object has a member of that name.
      return value === null || !Object.hasOwn(owner, name) ? "" : (value as object).toString();
  }
}
