import { timeText } from "@sortition/core/dialect";

/** A time without trailing zeros: `2026-02-01`, `2026-02-01T12:30Z`. */
export function shortTimeText(ms: number): string {
  return timeText(ms).replace(/T00:00:00\.000Z$|(?::00)?\.000Z$/, (zeros) =>
    zeros.startsWith("T") ? "" : "Z",
  );
}

/** A share in per cent, with up to four decimals. */
export function shareText(share: number): string {
  return `${Number((share * 100).toFixed(4))} %`;
}

/** An integer for people: `1,234,567`. */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}

/** `1 flag`, `2 flags`. */
export function countText(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
