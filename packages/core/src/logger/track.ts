import { requireString } from "../errors/option-checks.js";
import { callback, type Readers, unchecked } from "../errors/read-options.js";
import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";
import { type PlainObject, plainObject } from "./plain-json.js";
import type { PlainEvent } from "./prepare.js";
import type { Settle } from "./vendor.js";

/** A `track` call of the libraries that follow Segment's specification. */
export interface TrackMessage {
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly event: string;
  readonly properties: PlainObject;
  readonly timestamp: Date;
  readonly messageId: string;
  readonly context?: PlainObject;
  readonly integrations?: PlainObject;
}

/** Members of a `track` call that a mapper replaces. Absent members do not change. Values must be expressible in JSON. */
export interface TrackChanges {
  readonly event?: string;
  /** Sent instead of the subject. */
  readonly userId?: string;
  /** Sent instead of `userId`, unless both are given. */
  readonly anonymousId?: string;
  readonly properties?: object;
  readonly context?: object;
  readonly integrations?: object;
}

/** The members of {@link TrackChanges}. */
export const TRACK_CHANGES: readonly (keyof TrackChanges)[] = [
  ...(["event", "userId", "anonymousId", "properties", "context", "integrations"] as const),
];

/** Options of the loggers that call `track`. */
export interface TrackOptions {
  /** Name of all events, or a function that returns an event's name. Default: `Eppo Randomization Assignment`, `Eppo Bandit Action`. */
  readonly eventName?: string | ((event: AssignmentEvent | BanditEvent) => string) | undefined;
  /**
   * Returns the `event`, `userId`, `anonymousId`, `properties`, `context` or `integrations` to replace in the call for
   * an assignment, or `null` to drop the event.
   */
  readonly mapAssignment?: ((event: AssignmentEvent) => TrackChanges | null) | undefined;
  /** Like `mapAssignment`, for a bandit action. */
  readonly mapBandit?: ((event: BanditEvent) => TrackChanges | null) | undefined;
  /** `context` of every call. */
  readonly context?: object | undefined;
  /** `integrations` of every call. */
  readonly integrations?: object | undefined;
  /** Whether to send `evaluationDetails`, if the event has them. Default: `false`. */
  readonly includeEvaluationDetails?: boolean | undefined;
}

export function trackReaders(): Readers<TrackOptions> {
  return {
    eventName: (path, value) => {
      if (value === undefined || typeof value === "function") return;
      requireString(path, value, "expected a non-empty string or a function");
    },
    mapAssignment: callback(),
    mapBandit: callback(),
    context: unchecked(),
    integrations: unchecked(),
    includeEvaluationDetails: unchecked(),
  };
}

const EVENT_NAMES = {
  assignment: "Eppo Randomization Assignment",
  bandit: "Eppo Bandit Action",
};
/** Members that describe the client instead of the exposure. `messageId` is sent as `eventId`. */
const NOT_SENT: readonly string[] = ["format", "entityId", "messageId"];

/** Builds the `track` call for an event. `null`: the mapper drops the event. */
export function trackMessage(event: PlainEvent, options: TrackOptions): TrackMessage | null {
  const changes = changesOf(event, options);
  if (changes === null) return null;
  const { userId, anonymousId, properties, context, integrations } = changes;
  const ids = {
    ...(userId !== undefined || anonymousId === undefined
      ? { userId: userId ?? event.event.subject }
      : {}),
    ...(anonymousId === undefined ? {} : { anonymousId }),
  };
  return {
    ...ids,
    event: changes.event ?? nameOf(event, options),
    properties: properties === undefined ? propertiesOf(event, options) : plainObject(properties),
    timestamp: new Date(event.timeMs),
    messageId: event.id,
    ...plainMember("context", context ?? options.context),
    ...plainMember("integrations", integrations ?? options.integrations),
  };
}

/** Settles a message with the argument of its `track` callback, which is an error, or nothing on success. */
export function settleTrack(settle: Settle, error: unknown): void {
  if (error === undefined || error === null) settle.delivered();
  else settle.failed(error);
}

/** Functions that map an event to changes of a vendor's message. */
interface Mappers<Changes> {
  readonly mapAssignment?: ((event: AssignmentEvent) => Changes | null) | undefined;
  readonly mapBandit?: ((event: BanditEvent) => Changes | null) | undefined;
}

/** Returns what the mappers change in the message for an event. `null`: the event is dropped. */
export function changesOf<Changes>(
  { event, kind }: PlainEvent,
  options: Mappers<Changes>,
): Partial<Changes> | null {
  const changes =
    kind === "assignment" ? options.mapAssignment?.(event) : options.mapBandit?.(event);
  return changes === undefined ? {} : changes;
}

function nameOf({ kind, event }: PlainEvent, { eventName }: TrackOptions): string {
  return typeof eventName === "function" ? eventName(event) : (eventName ?? EVENT_NAMES[kind]);
}

/** Returns the members of the event under their own names, including extra logging at the top level. */
function propertiesOf({ members, id }: PlainEvent, options: TrackOptions): PlainObject {
  const properties: PlainObject = {};
  for (const [name, value] of Object.entries(members)) {
    if (NOT_SENT.includes(name)) continue;
    if (name === "evaluationDetails" && options.includeEvaluationDetails !== true) continue;
    properties[name] = value;
  }
  properties["eventId"] = id;
  return properties;
}

function plainMember<Name extends string>(
  name: Name,
  value: object | undefined,
): { readonly [name in Name]?: PlainObject } {
  // TypeScript widens a computed name to `string`; its value is `name`.
  return value === undefined
    ? {}
    : ({ [name]: plainObject(value) } as { [name in Name]: PlainObject });
}
