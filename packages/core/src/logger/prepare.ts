import { encodeUtf8 } from "../hash/utf8.js";
import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";
import { eventIdOf, type LoggedEvent } from "./event-id.js";
import { isJsonObject, type JsonObject, plainCopy } from "./plain-json.js";
import type { LoggerDropReason } from "./stats.js";
import { chooseSubjectAttributes, type SubjectAttributeChoice } from "./subject-attributes.js";

/** An event as plain JSON, with what every vendor needs of it. */
export type PlainEvent = LoggedEvent & {
  /** The event's members, to be read by name. */
  readonly members: JsonObject;
  readonly id: string;
  /** Epoch ms. */
  readonly timeMs: number;
};

/** What becomes of an event before anything waits or is sent. */
export type PreparedMessage<Message> =
  | {
      readonly kind: "message";
      readonly message: Message;
      /** The subject's attributes were left out, because the message was too large with them. */
      readonly trimmed: boolean;
      /** Members that JSON cannot express. */
      readonly removed: number;
    }
  | { readonly kind: "dropped"; readonly reason: LoggerDropReason };

/** How events become messages. */
export interface PrepareOptions<Message> {
  readonly includeSubjectAttributes: SubjectAttributeChoice;
  /** UTF-8 bytes of a message as JSON. */
  readonly maxEventBytes: number;
  nowMs(): number;
  /** The vendor's message; `null`: the user does not want this event. What it throws is a failed event. */
  build(event: PlainEvent): Message | null;
}

/** Turns an event into the vendor's message, with nothing in it that could change or fail later. */
export function prepareEvent<Message>(
  logged: LoggedEvent,
  options: PrepareOptions<Message>,
): PreparedMessage<Message> {
  const { value, removed } = plainCopy(logged.event);
  if (!isJsonObject(value) || !hasSubjectAndFlag(value))
    return { kind: "dropped", reason: "invalid" };
  chooseSubjectAttributes(value, options.includeSubjectAttributes);
  const message = options.build(plainEvent(logged, value, options));
  if (message === null) return { kind: "dropped", reason: "mapper" };
  if (fits(message, options)) return { kind: "message", message, trimmed: false, removed };

  chooseSubjectAttributes(value, false);
  const smaller = options.build(plainEvent(logged, value, options));
  return smaller !== null && fits(smaller, options)
    ? { kind: "message", message: smaller, trimmed: true, removed }
    : { kind: "dropped", reason: "too-large" };
}

function plainEvent(
  { kind }: LoggedEvent,
  members: JsonObject,
  { nowMs }: PrepareOptions<unknown>,
): PlainEvent {
  // The copy of an event has its shape, apart from what JSON cannot express.
  const logged: LoggedEvent =
    kind === "assignment"
      ? { kind, event: members as unknown as AssignmentEvent }
      : { kind, event: members as unknown as BanditEvent };
  const timeMs = Date.parse(logged.event.timestamp);
  return {
    ...logged,
    members,
    id: eventIdOf(logged),
    timeMs: Number.isNaN(timeMs) ? nowMs() : timeMs,
  };
}

function hasSubjectAndFlag({ subject, featureFlag, flagKey }: JsonObject): boolean {
  const flag = featureFlag ?? flagKey;
  return typeof subject === "string" && subject !== "" && typeof flag === "string" && flag !== "";
}

function fits(message: unknown, { maxEventBytes }: PrepareOptions<unknown>): boolean {
  const text = JSON.stringify(message);
  // No text is longer in UTF-8 than three bytes for each of its units.
  return text.length * 3 <= maxEventBytes || encodeUtf8(text).length <= maxEventBytes;
}
