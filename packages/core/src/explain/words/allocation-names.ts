import type { DialectWords } from "./words.js";

/** Returns an allocation's key, or its number if the vendor has no keys: `condition set 1`. */
export function allocationName(key: string, index: number, words: DialectWords): string {
  return words.nameOf(key, index) ?? `${words.noun} ${words.numberOf?.(key, index) ?? index + 1}`;
}

/** Returns an allocation's name with the vendor's term: `segment Early access`. */
export function allocationTitle(key: string, index: number, words: DialectWords): string {
  const name = allocationName(key, index, words);
  return name === key ? `${words.noun} ${name}` : name;
}
