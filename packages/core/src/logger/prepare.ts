import type { LoggedEvent } from "../delivery/logged-event.js";
import { encodeUtf8 } from "../hash/utf8.js";
import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";
import { eventIdOf, type LoggerDedupe } from "./event-id.js";
import { isPlainObject, type PlainObject, plainCopy } from "./plain-json.js";
import type { LoggerDropReason } from "./stats.js";
import { chooseSubjectAttributes, type SubjectAttributeChoice } from "./subject-attributes.js";

/** An event as plain JSON, with values that every vendor needs. */
export type PlainEvent = LoggedEvent & {
  /** The event's members by name. */
  readonly members: PlainObject;
  readonly id: string;
  /** Epoch ms. */
  readonly timeMs: number;
};

/** Result of preparing an event: the vendor's message, or why the event is dropped. */
export type PreparedMessage<Message> =
  | {
      readonly kind: "message";
      readonly message: Message;
      /** The part of the event from which the message was built, as plain JSON. */
      readonly event: AssignmentEvent | BanditEvent;
      /** Whether the subject's attributes were removed because the message was too large. */
      readonly trimmed: boolean;
      /** Number of removed members, which JSON cannot express. */
      readonly removed: number;
    }
  | { readonly kind: "dropped"; readonly reason: LoggerDropReason };

/** Options of {@link prepareEvent}. */
export interface PrepareOptions<Message> {
  readonly includeSubjectAttributes: SubjectAttributeChoice;
  readonly dedupe: LoggerDedupe;
  /** Maximum UTF-8 bytes of a message as JSON. */
  readonly maxEventBytes: number;
  nowMs(): number;
  /** Builds the vendor's message. `null`: the mapper drops this event. If it throws, the event fails. */
  build(event: PlainEvent): Message | null;
}

/** Converts an event to the vendor's message, which later changes by the caller do not affect. */
export function prepareEvent<Message>(
  logged: LoggedEvent,
  options: PrepareOptions<Message>,
): PreparedMessage<Message> {
  const { value, removed } = plainCopy(logged.event);
  if (!isPlainObject(value) || !hasSubjectAndFlag(value))
    return { kind: "dropped", reason: "invalid" };
  chooseSubjectAttributes(value, options.includeSubjectAttributes);
  const plain = plainEvent(logged, value, options);
  const { event } = plain;
  const message = options.build(plain);
  if (message === null) return { kind: "dropped", reason: "mapper" };
  if (fits(message, options)) return { kind: "message", message, event, trimmed: false, removed };

  chooseSubjectAttributes(value, false);
  const smaller = options.build(plain);
  return smaller !== null && fits(smaller, options)
    ? { kind: "message", message: smaller, event, trimmed: true, removed }
    : { kind: "dropped", reason: "too-large" };
}

function plainEvent(
  { kind }: LoggedEvent,
  members: PlainObject,
  { dedupe, nowMs }: PrepareOptions<unknown>,
): PlainEvent {
  // The copy has the shape of the event, except for members that JSON cannot express.
  const logged: LoggedEvent =
    kind === "assignment"
      ? { kind, event: members as unknown as AssignmentEvent }
      : { kind, event: members as unknown as BanditEvent };
  const parsedMs = Date.parse(logged.event.timestamp);
  const timeMs = Number.isNaN(parsedMs) ? nowMs() : parsedMs;
  return { ...logged, members, id: eventIdOf(logged, dedupe, timeMs), timeMs };
}

function hasSubjectAndFlag({ subject, featureFlag, flagKey }: PlainObject): boolean {
  const flag = featureFlag ?? flagKey;
  return typeof subject === "string" && subject !== "" && typeof flag === "string" && flag !== "";
}

function fits(message: unknown, { maxEventBytes }: PrepareOptions<unknown>): boolean {
  const json = JSON.stringify(message);
  // UTF-8 takes at most three bytes per UTF-16 unit.
  return json.length * 3 <= maxEventBytes || encodeUtf8(json).length <= maxEventBytes;
}
