import type { PendingAssignment } from "../delivery/assignment-logger.js";
import { viaOf } from "../delivery/exposure-parts.js";
import { messageId } from "../delivery/message-id.js";
import { estimateBytes } from "../delivery/size-estimate.js";
import { timestampOf } from "../delivery/timestamp.js";
import type { Attributes } from "../model/attributes.js";
import type { AssignmentEvent, EventMetadata, ExposureBase } from "../model/exposure.js";
import { copyOfAttributes, copyOfExpressible, copyOfScalars } from "./attributes-copy.js";
import type { ExposureContext } from "./exposure-context.js";

/** Placeholder with the length of an ID, for size estimates. */
const NO_ID = "00000000-0000-8000-8000-000000000000";

/**
 * An assignment whose event and ID are built on first read. After the evaluation only its attributes can change, because
 * they are the caller's object until {@link capture} or {@link detach} copies them.
 */
export class Assignment implements PendingAssignment {
  readonly kind = "assignment";
  readonly flagKey: string;
  readonly #base: ExposureBase;
  readonly #ownMembers: Readonly<Record<string, unknown>> | undefined;
  readonly #metaData: EventMetadata;
  readonly #evaluationDetails: object | null;
  readonly #experiment: string | null;
  readonly #subjectKey: string;
  readonly #timestamp: string;
  #attributes: Attributes;
  /** Whether the attributes are a copy, which all loggers share. */
  #isCaptured = false;
  #messageId: string | null = null;
  #event: AssignmentEvent | null = null;

  /** @throws if no event can be built, because the time is invalid or JSON cannot express the subject key, e.g. a BigInt. */
  constructor(
    base: ExposureBase,
    context: ExposureContext,
    flagKey: string,
    metaData: EventMetadata,
    evaluationDetails: object | null,
  ) {
    const { allocation } = base;
    const { key, attributes } = context.subject;
    this.flagKey = flagKey;
    this.#base = base;
    this.#ownMembers = context.configuration.eventFields?.assignment;
    this.#metaData = metaData;
    this.#evaluationDetails = evaluationDetails;
    this.#experiment = base.experiment ?? (allocation ? `${flagKey}-${allocation}` : null);
    this.#subjectKey = key;
    this.#timestamp = timestampOf(context.nowMs());
    this.#attributes = attributes;
    // Untyped callers may pass any key. The ID is built now, because this may throw and an object may change later.
    if (typeof key !== "string") this.#messageId = this.messageId;
  }

  /** Gives the event the ID of the same exposure, which was lost before. */
  useId(id: string): void {
    this.#messageId = id;
  }

  get messageId(): string {
    if (this.#messageId === null) {
      const { variation = null } = this.#base;
      // Same as `assignmentParts`, from which loggers build the ID of an event without one.
      const via = viaOf(this.flagKey, this.#base);
      const parts = ["assignment", this.flagKey, via, variation, this.#subjectKey, this.#timestamp];
      this.#messageId = messageId(parts);
    }
    return this.#messageId;
  }

  get event(): AssignmentEvent {
    this.#event ??= Object.freeze(this.#eventWith(this.messageId));
    return this.#event;
  }

  /** The event without the attributes that JSON cannot express. `null`: JSON can express all. */
  get expressibleEvent(): AssignmentEvent | null {
    const { event } = this;
    const subjectAttributes = copyOfExpressible(event.subjectAttributes);
    return subjectAttributes === null ? null : Object.freeze({ ...event, subjectAttributes });
  }

  /** Estimated size of the event. Does not build its ID. */
  get sizeBytes(): number {
    return estimateBytes(this.#event ?? this.#eventWith(NO_ID));
  }

  /**
   * Makes the event independent of later changes by the caller. Returns false if copying the attributes is not enough,
   * because they or the details contain objects.
   */
  capture(): boolean {
    if (this.#event !== null || this.#evaluationDetails !== null) return false;
    if (this.#isCaptured) return true;
    const copy = copyOfScalars(this.#attributes);
    if (copy === null) return false;
    this.#attributes = copy;
    this.#isCaptured = true;
    return true;
  }

  /** Copies the caller's attributes, which may change while the event waits. The copy is shallow. */
  detach(): void {
    this.#attributes = copyOfAttributes(this.#attributes);
    this.#event = null;
  }

  #eventWith(id: string): AssignmentEvent {
    const base = this.#base;
    const evaluationDetails = this.#evaluationDetails;
    return {
      // Must be first, so that it cannot replace other members.
      ...base.extraLogging,
      allocation: base.allocation,
      experiment: this.#experiment,
      featureFlag: this.flagKey,
      ...this.#ownMembers,
      variation: base.variation,
      subject: this.#subjectKey,
      timestamp: this.#timestamp,
      subjectAttributes: this.#attributes,
      metaData: this.#metaData,
      ...base.eventFields,
      ...(evaluationDetails === null ? {} : { evaluationDetails }),
      messageId: id,
    };
  }
}
