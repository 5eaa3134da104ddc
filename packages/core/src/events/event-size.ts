/** What an event costs before anything in it is looked at. */
const BASE_BYTES = 200;
const BYTES_PER_UNIT = 2;
const BYTES_PER_NUMBER = 8;

/**
 * Roughly the memory that an event holds: 200 bytes, 2 per UTF-16 unit of its keys and texts, 8 per
 * number. Objects that occur twice count once, so that a circle ends.
 */
export function estimateBytes(event: object): number {
  return BASE_BYTES + sizeOf(event, new Set());
}

function sizeOf(value: unknown, seen: Set<object>): number {
  if (typeof value === "string") return value.length * BYTES_PER_UNIT;
  if (typeof value === "number" || typeof value === "bigint") return BYTES_PER_NUMBER;
  if (typeof value !== "object" || value === null || seen.has(value)) return 0;
  seen.add(value);
  try {
    let bytes = 0;
    for (const [key, member] of Object.entries(value)) {
      bytes += key.length * BYTES_PER_UNIT + sizeOf(member, seen);
    }
    return bytes;
  } catch {
    return 0; // a getter of the caller's objects throws, or they are nested without end
  }
}
