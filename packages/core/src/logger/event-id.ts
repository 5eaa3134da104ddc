import type { LoggedEvent } from "../delivery/logged-event.js";
import { messageId } from "../delivery/message-id.js";

/**
 * The id of an event: the one it brings, else the one that the client would have given it. So it is
 * the same for every attempt to deliver the event, and in every process.
 */
export function eventIdOf({ kind, event }: LoggedEvent): string {
  // Events of other makers, typed or not, may lack one.
  const own: unknown = event.messageId;
  if (typeof own === "string" && own !== "") return own;
  if (kind === "assignment") {
    const { featureFlag, allocation, variation, subject, timestamp } = event;
    // Absent members are null in the formula.
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
