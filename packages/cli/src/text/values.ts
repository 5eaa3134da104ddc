/** Formats an integer, e.g. `1,234,567`. */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}

/** A variation's key, in quotes if it contains white space. */
export function variationText(key: string): string {
  return /\s/.test(key) ? JSON.stringify(key) : key;
}

/** Formats a number with a noun, e.g. `1 flag` or `2,000 flags`. */
export function countText(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}
