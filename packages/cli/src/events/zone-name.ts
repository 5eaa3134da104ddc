import { madeOnce } from "../made-once.js";

const DAY_MS = 86_400_000;

/** The offsets of a zone around a day. They differ if the clocks change. */
interface DayOffsets {
  readonly beforeMs: number;
  readonly afterMs: number;
}

/** Whether a string names a zone of the IANA database, such as `Europe/Berlin`. */
export function isZoneName(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    formatterOf(text);
    return true;
  } catch {
    return false; // Intl throws a RangeError for an unknown zone
  }
}

/**
 * Converts a local time to epoch ms. A time that occurs twice, because the clocks go back, is the earlier one. A time that
 * does not occur, because they go forward, is read with the offset before the change.
 *
 * @param asUtcMs - the local time, read as UTC.
 */
export function msInZone(asUtcMs: number, zone: string): number {
  const { afterMs, beforeMs } = offsetsOf(Math.floor(asUtcMs / DAY_MS), zone);
  const [before, after] = [asUtcMs - beforeMs, asUtcMs - afterMs];
  if (beforeMs === afterMs) return before;
  const real = [before, after].filter((ms) => ms + offsetAt(ms, zone) === asUtcMs);
  return real.length === 0 ? before : Math.min(...real);
}

/**
 * The later of two times that have the same local time, because the clocks go back between them; `null` if the local time
 * occurs once.
 *
 * @param ms - the earlier of the times.
 */
export function repeatedMs(ms: number, zone: string): number | null {
  const { afterMs, beforeMs } = offsetsOf(Math.floor(ms / DAY_MS), zone);
  if (beforeMs <= afterMs) return null;
  const later = ms + beforeMs - afterMs;
  return offsetAt(ms, zone) === beforeMs && offsetAt(later, zone) === afterMs ? later : null;
}

/** Formatters and offsets by zone, because a formatter takes far longer to create and to use than a row to read. */
const formatters = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, Map<number, DayOffsets>>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  return madeOnce(formatters, zone, () => {
    return new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      ...{ year: "numeric", month: "2-digit", day: "2-digit" },
      ...{ hour: "2-digit", minute: "2-digit", second: "2-digit" },
    });
  });
}

function offsetsOf(day: number, zone: string): DayOffsets {
  const known = madeOnce(offsets, zone, () => new Map<number, DayOffsets>());
  return madeOnce(known, day, () => {
    const beforeMs = offsetAt((day - 1) * DAY_MS, zone);
    return { beforeMs, afterMs: offsetAt((day + 2) * DAY_MS, zone) };
  });
}

/** The difference between local time and UTC at a time. */
function offsetAt(ms: number, zone: string): number {
  const seconds = Math.floor(ms / 1_000);
  const parts = formatterOf(zone).formatToParts(seconds * 1_000);
  const numberOf = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value);
  const localMs = Date.UTC(
    ...([numberOf("year"), numberOf("month") - 1, numberOf("day")] as const),
    ...([numberOf("hour"), numberOf("minute"), numberOf("second")] as const),
  );
  return localMs - seconds * 1_000;
}
