import type { DialectWords } from "@sortition/core/dialect";
import { allocationName } from "@sortition/core/dialect-internal";

/** Returns the name of an allocation at the start of a line: its key, or `Rule 1` if the vendor has no keys. */
export function allocationLabel(key: string, index: number, words: DialectWords): string {
  const name = allocationName(key, index, words);
  return name === key ? name : capitalised(name);
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
