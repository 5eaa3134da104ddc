/** `1 flag`, `2,000 flags`. */
export function countText(n: number, noun: string): string {
  return `${n.toLocaleString("en-US")} ${noun}${n === 1 ? "" : "s"}`;
}
