/** Formats an integer, e.g. `1,234,567`. */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}

/** Formats a number with a noun, e.g. `1 flag` or `2,000 flags`. */
export function countText(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}
