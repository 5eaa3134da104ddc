import { flattened } from "../../conditions/bandit-subject.js";
import { banditEvent } from "../../delivery/bandit-event.js";
import { assignmentParts } from "../../delivery/exposure-parts.js";
import { messageId } from "../../delivery/message-id.js";
import { timestampOf } from "../../delivery/timestamp.js";
import type { AttributesByKind } from "../../model/attributes.js";
import {
  type EppoAssignmentEvent,
  type EppoBanditEvent,
  type EppoEventMetadata,
  extraMembers,
} from "../events.js";
import type { PrecomputedChoice, PrecomputedFlag } from "./decode.js";

/** The data that all events of a client share. */
export interface EventContext {
  readonly subjectKey: string;
  readonly subject: AttributesByKind;
  /** The payload's `format`. */
  readonly format: string;
  readonly metaData: EppoEventMetadata;
}

/** Creates the event of an assignment, with the same members in the same order as the server's event. */
export function createPrecomputedAssignment(
  flagKey: string,
  { allocationKey, extraLogging, variationKey }: PrecomputedFlag,
  { format, metaData, subject, subjectKey }: EventContext,
  nowMs: number,
): EppoAssignmentEvent {
  const timestamp = timestampOf(nowMs);
  const event = {
    // Must be first, so that it cannot replace other members.
    ...extraMembers(extraLogging),
    allocation: allocationKey,
    experiment: allocationKey ? `${flagKey}-${allocationKey}` : null,
    featureFlag: flagKey,
    format,
    variation: variationKey,
    subject: subjectKey,
    timestamp,
    subjectAttributes: flattened(subject),
    metaData,
    entityId: null,
  };
  return Object.freeze({ ...event, messageId: messageId([...assignmentParts(event), timestamp]) });
}

export function createPrecomputedChoice(
  flagKey: string,
  choice: PrecomputedChoice,
  { metaData, subject, subjectKey }: EventContext,
  nowMs: number,
): EppoBanditEvent {
  const { categoricalAttributes, numericAttributes } = subject;
  return banditEvent(
    {
      ...choice,
      subjectNumericAttributes: numericAttributes,
      subjectCategoricalAttributes: categoricalAttributes,
    },
    { flagKey, subject: subjectKey, nowMs, metaData, evaluationDetails: null },
  );
}
