import type { BanditChoice, BanditEvent, EventMetadata } from "../model/exposure.js";
import { banditParts } from "./exposure-parts.js";
import { messageId } from "./message-id.js";
import { timestampOf } from "./timestamp.js";

/** The call in which a bandit chose an action. */
interface ChoiceCall<MetaData> {
  readonly flagKey: string;
  readonly subject: string;
  /** Wall clock, epoch ms. */
  readonly nowMs: number;
  readonly metaData: MetaData;
  /** `null`: omitted from the event. */
  readonly evaluationDetails: object | null;
}

/**
 * Builds the event of a bandit's choice. It keeps the attributes as they are in the choice.
 *
 * @throws if the subject key is not a string and cannot be serialised, such as a BigInt.
 */
export function banditEvent<MetaData extends EventMetadata>(
  choice: BanditChoice,
  { evaluationDetails, flagKey, metaData, nowMs, subject }: ChoiceCall<MetaData>,
): BanditEvent & { readonly metaData: MetaData } {
  const { action, banditKey, modelVersion } = choice;
  const timestamp = timestampOf(nowMs);
  const facts = { flagKey, banditKey, action, subject, modelVersion };
  return Object.freeze({
    timestamp,
    flagKey,
    banditKey,
    subject,
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
  });
}
