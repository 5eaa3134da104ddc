import type { AssignmentEvent, BanditEvent } from "@sortition/core";
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type PlainEvent,
  plainCopy,
} from "@sortition/core/logger";
import type { SelfDescribingJson } from "./payload.js";

/** An event as the tracker is to send it. */
export interface SnowplowMessage {
  readonly eventId: string;
  readonly userId: string;
  /** Epoch ms. */
  readonly timeMs: number;
  readonly event: { readonly schema: string; readonly data: JsonObject };
  readonly contexts: readonly { readonly schema: string; readonly data: JsonObject }[];
}

/** What a mapper replaces; what is absent stays. Members must be expressible in JSON. */
export interface SnowplowChanges {
  readonly schema?: string;
  readonly data?: object;
  /** Instead of the subject. */
  readonly userId?: string;
  readonly contexts?: readonly SelfDescribingJson[];
}

/** Options of what is sent. */
export interface SnowplowEventOptions {
  /** Whose schemas the events name; `dev.sortition` unless given. */
  readonly schemaVendor?: string | undefined;
  /** Changes the event of an assignment; `null`: it is dropped. */
  readonly mapAssignment?: ((event: AssignmentEvent) => SnowplowChanges | null) | undefined;
  /** Changes the event of a bandit's choice; `null`: it is dropped. */
  readonly mapBandit?: ((event: BanditEvent) => SnowplowChanges | null) | undefined;
  /** Contexts of every event. */
  readonly contexts?: readonly SelfDescribingJson[] | undefined;
}

const SCHEMA_NAMES = { assignment: "assignment", bandit: "bandit_action" };
/** Of an assignment; every other member is extra logging. */
const FIXED = ["timestamp", "subject", "featureFlag", "allocation", "experiment", "variation"];
const OBJECTS = ["subjectAttributes", "metaData"];
const LEFT_OUT = ["format", "entityId", "evaluationDetails", "messageId"];
const BANDIT_MEMBERS = [
  ...["timestamp", "subject", "flagKey", "banditKey", "action", "actionProbability"],
  ...["optimalityGap", "modelVersion", "metaData"],
];
/** As the schemas have it; a longer one would make the event a bad row. */
const MAX_TEXT_LENGTH = 4_096;

/** Builds what is sent for an event; `null`: the mapper does not want it. */
export function snowplowMessage(
  event: PlainEvent,
  options: SnowplowEventOptions,
): SnowplowMessage | null {
  const changes =
    event.kind === "assignment"
      ? options.mapAssignment?.(event.event)
      : options.mapBandit?.(event.event);
  if (changes === null) return null;
  const { schemaVendor = "dev.sortition" } = options;
  const schema = `iglu:${schemaVendor}/${SCHEMA_NAMES[event.kind]}/jsonschema/1-0-0`;
  const data = event.kind === "assignment" ? assignmentData(event) : banditData(event);
  return {
    eventId: event.id,
    userId: changes?.userId ?? event.event.subject,
    timeMs: event.timeMs,
    event: {
      schema: changes?.schema ?? schema,
      data: changes?.data === undefined ? data : plainObject(changes.data),
    },
    contexts: (changes?.contexts ?? options.contexts ?? []).map((context) => ({
      schema: context.schema,
      data: plainObject(context.data),
    })),
  };
}

function assignmentData({ members, id }: PlainEvent): JsonObject {
  const known = [...FIXED, ...OBJECTS, ...LEFT_OUT];
  const extra = Object.fromEntries(
    Object.entries(members).filter(([name]) => !known.includes(name)),
  );
  const extraLogging = texts(extra);
  return {
    eventId: id,
    ...chosen(members, [...FIXED, ...OBJECTS]),
    ...(Object.keys(extraLogging).length === 0 ? {} : { extraLogging }),
  };
}

function banditData({ members, id }: PlainEvent): JsonObject {
  const data: JsonObject = { eventId: id, ...chosen(members, BANDIT_MEMBERS) };
  for (const owner of ["subject", "action"]) {
    const numeric = members[`${owner}NumericAttributes`];
    const categorical = members[`${owner}CategoricalAttributes`];
    if (isJsonObject(numeric)) data[`${owner}NumericAttributes`] = numbers(numeric);
    if (isJsonObject(categorical)) data[`${owner}CategoricalAttributes`] = texts(categorical);
  }
  return data;
}

function chosen(members: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([name]) => names.includes(name)));
}

/** Numbers and nulls: what the schema lets a numeric attribute be. */
function numbers(attributes: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value === null || typeof value === "number"),
  );
}

/** Texts and nulls: booleans and numbers as the dialect writes them, without what has no such form. */
function texts(attributes: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(attributes)) {
    const text = textOf(value);
    if (text === null || (text !== undefined && text.length <= MAX_TEXT_LENGTH)) {
      result[name] = text;
    }
  }
  return result;
}

function textOf(value: Json): string | null | undefined {
  if (value === null || typeof value === "string") return value;
  return typeof value === "boolean" || typeof value === "number" ? String(value) : undefined;
}

function plainObject(value: object): JsonObject {
  const { value: copy } = plainCopy(value);
  return isJsonObject(copy) ? copy : {};
}
