import type {
  AssignmentEvent,
  BanditEvent,
  EventFields,
  EventMetadata,
} from "../model/exposure.js";
import type { EppoAttributes } from "./attributes.js";

/** Metadata of events of an Eppo configuration. */
export interface EppoEventMetadata extends EventMetadata {
  /** True if the configuration was hashed (`format: CLIENT`). */
  readonly obfuscated: boolean;
}

/** An assignment event of an Eppo configuration. Use it as the type of `logAssignment`'s parameter. */
export interface EppoAssignmentEvent extends AssignmentEvent {
  /** Format of the configuration, as the vendor names it (`SERVER`, `CLIENT`). */
  readonly format: string;
  readonly subjectAttributes: EppoAttributes;
  readonly metaData: EppoEventMetadata;
  /** The vendor's identifier of the kind of subject, or `null`. */
  readonly entityId: number | null;
}

/** A bandit event of an Eppo configuration. */
export interface EppoBanditEvent extends BanditEvent {
  readonly metaData: EppoEventMetadata;
}

const PLAIN: EventFields["metaData"] = /* @__PURE__ */ Object.freeze({ obfuscated: false });
const OBFUSCATED: EventFields["metaData"] = /* @__PURE__ */ Object.freeze({ obfuscated: true });

/** Returns the constant members of the events of one configuration. */
export function eventFieldsOf(format: string, isObfuscated: boolean): EventFields {
  return { assignment: Object.freeze({ format }), metaData: isObfuscated ? OBFUSCATED : PLAIN };
}

/**
 * Returns the extra logging of a split as members of an event. It cannot replace the fixed members of events, including
 * the optional `evaluationDetails`.
 */
export function extraMembers(
  extraLogging: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (!Object.hasOwn(extraLogging, "evaluationDetails")) return extraLogging;
  const { evaluationDetails: _, ...members } = extraLogging;
  return members;
}
