/** Estimated size of an object before its members are counted. */
export const BASE_BYTES = 200;
const BYTES_PER_UNIT = 2;
const BYTES_PER_NUMBER = 8;

/**
 * Estimates the memory of an event: 200 bytes, plus 2 per UTF-16 unit of its keys and strings, and 8 per
 * number. An object that occurs twice is counted once, so cycles end.
 */
export function estimateBytes(event: object): number {
  return BASE_BYTES + sizeOf(event, new Set());
}

/** Estimates the memory of a string; 0 for any other value. */
export function stringBytes(value: string | null): number {
  return typeof value === "string" ? value.length * BYTES_PER_UNIT : 0;
}

function sizeOf(value: unknown, seen: Set<object>): number {
  if (typeof value === "string") return stringBytes(value);
  if (typeof value === "number" || typeof value === "bigint") return BYTES_PER_NUMBER;
  if (typeof value !== "object" || value === null || seen.has(value)) return 0;
  seen.add(value);
  try {
    let bytes = 0;
    for (const [key, member] of Object.entries(value)) {
      bytes += stringBytes(key) + sizeOf(member, seen);
    }
    return bytes;
  } catch {
    return 0; // a getter of the caller's object threw, or the nesting exceeds the stack
  }
}
