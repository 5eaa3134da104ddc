import { flattened } from "../../conditions/bandit-subject.js";
import { assignmentParts, banditParts } from "../../delivery/exposure-parts.js";
import { messageId } from "../../delivery/message-id.js";
import type { ContextAttributes } from "../../model/attributes.js";
import {
  type EppoAssignmentEvent,
  type EppoBanditEvent,
  type EppoEventMetadata,
  extraMembers,
} from "../events.js";
import type { PrecomputedChoice, PrecomputedFlag } from "./decode.js";

/** What all events of a client have in common. */
export interface EventContext {
  readonly subjectKey: string;
  readonly subject: ContextAttributes;
  /** The payload's `format`. */
  readonly format: string;
  readonly metaData: EppoEventMetadata;
}

/** The event of an assignment: the same members, in the same order, as those of the server. */
export function createPrecomputedAssignment(
  flagKey: string,
  { allocationKey, extraLogging, variationKey }: PrecomputedFlag,
  { format, metaData, subject, subjectKey }: EventContext,
  nowMs: number,
): EppoAssignmentEvent {
  const timestamp = new Date(nowMs).toISOString();
  const experiment = allocationKey ? `${flagKey}-${allocationKey}` : null;
  const facts = {
    ...{ featureFlag: flagKey, allocation: allocationKey, experiment },
    ...{ variation: variationKey, subject: subjectKey },
  };
  return Object.freeze({
    // First, so that it cannot replace what follows.
    ...extraMembers(extraLogging),
    allocation: allocationKey,
    experiment,
    featureFlag: flagKey,
    format,
    variation: variationKey,
    subject: subjectKey,
    timestamp,
    subjectAttributes: flattened(subject),
    metaData,
    entityId: null,
    messageId: messageId([...assignmentParts(facts), timestamp]),
  });
}

export function createPrecomputedChoice(
  flagKey: string,
  choice: PrecomputedChoice,
  { metaData, subject, subjectKey }: EventContext,
  nowMs: number,
): EppoBanditEvent {
  const { action, banditKey, modelVersion } = choice;
  const timestamp = new Date(nowMs).toISOString();
  const facts = { flagKey, banditKey, action, subject: subjectKey, modelVersion };
  return Object.freeze({
    timestamp,
    flagKey,
    banditKey,
    subject: subjectKey,
    action,
    actionProbability: choice.actionProbability,
    optimalityGap: choice.optimalityGap,
    modelVersion,
    subjectNumericAttributes: subject.numericAttributes,
    subjectCategoricalAttributes: subject.categoricalAttributes,
    actionNumericAttributes: choice.actionNumericAttributes,
    actionCategoricalAttributes: choice.actionCategoricalAttributes,
    metaData,
    messageId: messageId([...banditParts(facts), timestamp]),
  });
}
