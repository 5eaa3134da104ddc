/**
 * Names of the attributes that coefficients ask for, numbered as slots in the order in which they are
 * met. Texts of a categorical attribute are numbered too, from 1: code 0 is any text that is not known.
 */
export class Vocabulary {
  readonly names: string[] = [];
  /** By slot. */
  readonly codes: Map<string, number>[] = [];
  readonly #slots = new Map<string, number>();

  slotOf(name: string): number {
    const known = this.#slots.get(name);
    if (known !== undefined) return known;
    const slot = this.names.push(name) - 1;
    this.codes.push(new Map());
    this.#slots.set(name, slot);
    return slot;
  }

  codeOf(slot: number, text: string): number {
    const codes = this.codes[slot] as Map<string, number>; // as many as there are names
    const known = codes.get(text);
    if (known !== undefined) return known;
    codes.set(text, codes.size + 1);
    return codes.size;
  }
}
