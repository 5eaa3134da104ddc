import { banditParts } from "../delivery/exposure-parts.js";
import { messageId } from "../delivery/message-id.js";
import { timestampOf } from "../delivery/timestamp.js";
import type { Configuration } from "../model/configuration.js";
import type { BanditChoice, BanditEvent, EventMetadata } from "../model/exposure.js";
import type { Subject } from "../model/subject.js";

/** The call that an exposure comes from. */
export interface ExposureContext {
  /** The key that was asked for. */
  readonly flagKey: string;
  readonly subject: Subject;
  readonly configuration: Pick<Configuration, "eventFields">;
  /** Wall clock, epoch ms. */
  nowMs(): number;
}

/**
 * The event of a bandit's choice. It holds the attributes as the choice has them.
 *
 * @throws if the subject key is not a string and cannot be serialised, such as a BigInt.
 */
export function createBanditEvent(
  choice: BanditChoice,
  context: ExposureContext,
  metaData: EventMetadata,
  evaluationDetails: object | null,
): BanditEvent {
  const { action, banditKey, modelVersion } = choice;
  const { flagKey, subject } = context;
  const timestamp = timestampOf(context.nowMs());
  const facts = { flagKey, banditKey, action, subject: subject.key, modelVersion };
  const event: BanditEvent = {
    timestamp,
    flagKey,
    banditKey,
    subject: subject.key,
    action,
    actionProbability: choice.actionProbability,
    optimalityGap: choice.optimalityGap,
    modelVersion,
    subjectNumericAttributes: choice.subjectNumericAttributes,
    subjectCategoricalAttributes: choice.subjectCategoricalAttributes,
    actionNumericAttributes: choice.actionNumericAttributes,
    actionCategoricalAttributes: choice.actionCategoricalAttributes,
    metaData,
    ...(evaluationDetails === null ? {} : { evaluationDetails }),
    messageId: messageId([...banditParts(facts), timestamp]),
  };
  return Object.freeze(event);
}
