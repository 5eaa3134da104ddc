import { exposureParts } from "../delivery/exposure-parts.js";
import type { LoggedEvent } from "../delivery/logged-event.js";
import { messageId } from "../delivery/message-id.js";

/** Length of `2026-01-02`. */
const DAY_LENGTH = 10;

/**
 * Which events have the same ID, so that the vendor keeps only one of them: repeated deliveries of one
 * `event`, the same assignment within a `day` (UTC), or the same `assignment` at any time. The last two
 * also apply across several workers.
 */
export type LoggerDedupe = "event" | "day" | "assignment";

/**
 * Returns the ID of an event: its own `messageId`, or the ID that a client would assign. It is the same for
 * every attempt to deliver the event, and in every process.
 *
 * @param dedupe - `day` omits the time of day from the ID, and `assignment` omits the whole time.
 * @param timeMs - the event's time, which determines the day.
 */
export function eventIdOf(
  logged: LoggedEvent,
  dedupe: LoggerDedupe = "event",
  timeMs: number = Date.parse(logged.event.timestamp),
): string {
  // Events that a program built itself may have no ID.
  const own: unknown = logged.event.messageId;
  if (dedupe === "event" && typeof own === "string" && own !== "") return own;
  const parts = [...exposureParts(logged)];
  if (dedupe === "event") parts.push(logged.event.timestamp);
  if (dedupe === "day") parts.push(new Date(timeMs).toISOString().slice(0, DAY_LENGTH));
  return messageId(parts);
}
