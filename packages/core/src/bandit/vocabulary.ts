/**
 * Names of the attributes that coefficients read, numbered as slots in the order of their first use. Strings of a
 * categorical attribute are numbered from 1. Code 0 means any unknown string.
 */
export class Vocabulary {
  readonly names: string[] = [];
  /** Codes of the known strings, by slot. */
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
    const codes = this.codes[slot] as Map<string, number>; // there is one map for each name
    const known = codes.get(text);
    if (known !== undefined) return known;
    codes.set(text, codes.size + 1);
    return codes.size;
  }
}
