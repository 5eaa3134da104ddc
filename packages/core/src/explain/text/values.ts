const MAX_LENGTH = 60;

/**
 * Formats a value as JSON. Long lists and strings are shortened.
 *
 * @param value - a JSON value, or `undefined`.
 */
export function valueText(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return listText(value);
  const text = JSON.stringify(value);
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1)}…`;
}

function listText(list: readonly unknown[]): string {
  const shown: string[] = [];
  let length = 0;
  for (const element of list) {
    const text = valueText(element);
    length += text.length + 2;
    if (length > MAX_LENGTH && shown.length > 0) break;
    shown.push(text);
  }
  const rest = list.length - shown.length;
  return `[${shown.join(", ")}${rest === 0 ? "" : `, … ${rest} more`}]`;
}

/** Formats a time as ISO 8601 in UTC. */
export function timeText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}

/** Formats a time without trailing zeros: `2026-02-01`, `2026-02-01T12:30Z`. */
export function shortTimeText(ms: number): string {
  return timeText(ms).replace(/T00:00:00\.000Z$|(?::00)?\.000Z$/, (zeros) =>
    zeros.startsWith("T") ? "" : "Z",
  );
}

/** Formats a share as a percentage with up to four decimals. */
export function shareText(share: number): string {
  return `${Number((share * 100).toFixed(4))}%`;
}
