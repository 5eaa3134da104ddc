import type { LoggedEvent } from "../delivery/logged-event.js";
import { messageId } from "../delivery/message-id.js";

/**
 * The id of an event: its own `messageId`, else the id that a client would give it. So it is the same for
 * every attempt to deliver the event, and in every process.
 */
export function eventIdOf({ kind, event }: LoggedEvent): string {
  // An event that no client of ours made may lack one.
  const own: unknown = event.messageId;
  if (typeof own === "string" && own !== "") return own;
  if (kind === "assignment") {
    const { featureFlag, allocation, variation, subject, timestamp } = event;
    // Absent members are `null` in the formula.
    return messageId([
      kind,
      featureFlag,
      allocation ?? null,
      variation ?? null,
      subject,
      timestamp,
    ]);
  }
  const { flagKey, banditKey, action, subject, modelVersion, timestamp } = event;
  return messageId([kind, flagKey, banditKey, action, subject, modelVersion, timestamp]);
}
