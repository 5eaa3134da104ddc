import { exposureParts } from "../delivery/exposure-parts.js";
import type { LoggedEvent } from "../delivery/logged-event.js";
import { messageId } from "../delivery/message-id.js";

/** Of `2026-01-02`. */
const DAY_LENGTH = 10;

/**
 * Which events have the same id, so that the vendor keeps one of them: one `event` however often it is
 * delivered, an assignment within a `day` (UTC), or an `assignment` at any time. The last two hold for
 * several workers too.
 */
export type LoggerDedupe = "event" | "day" | "assignment";

/**
 * The id of an event: its own `messageId`, else the id that a client would give it. So it is the same for
 * every attempt to deliver the event, and in every process.
 *
 * @param dedupe - unless it is `event`, the id is made without the time of day, or without the time.
 * @param timeMs - the event's time; its day is that of the id.
 */
export function eventIdOf(
  logged: LoggedEvent,
  dedupe: LoggerDedupe = "event",
  timeMs: number = Date.parse(logged.event.timestamp),
): string {
  // An event that a program made itself may have none.
  const own: unknown = logged.event.messageId;
  if (dedupe === "event" && typeof own === "string" && own !== "") return own;
  const parts = [...exposureParts(logged)];
  if (dedupe === "event") parts.push(logged.event.timestamp);
  if (dedupe === "day") parts.push(new Date(timeMs).toISOString().slice(0, DAY_LENGTH));
  return messageId(parts);
}
