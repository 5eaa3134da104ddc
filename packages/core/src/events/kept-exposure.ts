import { assignmentParts } from "../delivery/exposure-parts.js";
import { messageId } from "../delivery/message-id.js";
import { timestampOf } from "../delivery/timestamp.js";
import type { ExposureBase } from "../model/exposure.js";
import { copyOfExpressible } from "./attributes-copy.js";
import type { ExposureContext } from "./exposure-context.js";
import type { ExposureOutcome } from "./exposure-outcome.js";
import type { Exposures } from "./exposures.js";
import type { PlainExposure } from "./plain-exposure.js";

/** An exposure that is logged when its variation is shown. */
export class KeptExposure {
  readonly #exposures: Exposures;
  readonly #base: ExposureBase;
  #context: ExposureContext;
  readonly #details: object | null;

  /** @param context - not shared with later calls. */
  constructor(
    exposures: Exposures,
    base: ExposureBase,
    context: ExposureContext,
    details: object | null,
  ) {
    this.#exposures = exposures;
    this.#base = base;
    this.#context = context;
    this.#details = details;
  }

  /** Counts it as kept. Called once, when its result is remembered. */
  noteKept(): void {
    this.#exposures.noteKept();
  }

  /** Logs it. Called once. */
  show(): ExposureOutcome {
    this.#exposures.noteShown();
    return this.#exposures.record(this.#base, this.#context, this.#details);
  }

  /** Returns it as JSON data. From then on, it has an ID. `null`: no event can be built. */
  toPlain(): PlainExposure | null {
    const id = this.#id();
    if (id === null) return null;
    const { configuration, flagKey, subject } = this.#context;
    const { via: _, ...base } = this.#base; // built from the other members
    const { eventFields } = configuration;
    return {
      messageId: id,
      base,
      context: {
        flagKey,
        subject: { key: subject.key, attributes: expressible(subject.attributes) },
        configuration: eventFields === undefined ? {} : { eventFields },
      },
      details: this.#details === null ? null : expressible({ ...this.#details }),
    };
  }

  #id(): string | null {
    const context = this.#context;
    if (context.messageId !== undefined) return context.messageId;
    const { allocation, experiment, featureFlag, variation } = this.#base;
    const event = { allocation, experiment, variation, subject: context.subject.key };
    try {
      const parts = assignmentParts({ ...event, featureFlag: featureFlag ?? context.flagKey });
      const id = messageId([...parts, timestampOf(context.nowMs())]);
      const { configuration, flagKey, nowMs, subject } = context;
      this.#context = { configuration, flagKey, nowMs, subject, messageId: id };
      return id;
    } catch {
      return null; // e.g. because the subject key is a BigInt
    }
  }
}

function expressible<Value>(
  members: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  return copyOfExpressible(members) ?? members;
}
