/** An integer for people: `1,234,567`. */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}

/** `1 flag`, `2,000 flags`. */
export function countText(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}
