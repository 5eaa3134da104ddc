import type { AssignmentEvent, BanditEvent } from "@sortition/core";
import {
  changesOf,
  isPlainObject,
  type Json,
  type PlainEvent,
  type PlainObject,
  plainObject,
} from "@sortition/core/internal";
import type { Payload, SelfDescribingJson } from "./payload.js";
import { structuredPairs } from "./structured.js";

/** An event for the tracker. */
export interface SnowplowMessage {
  readonly eventId: string;
  readonly userId: string;
  /** Epoch ms. */
  readonly timeMs: number;
  /** The self-describing JSON, or the pairs of a structured event. */
  readonly event: SelfDescribingJson | Payload;
  readonly contexts: readonly { readonly schema: string; readonly data: PlainObject }[];
}

/** Members that a mapper replaces. Absent members stay unchanged. JSON must be able to express all values. */
export interface SnowplowChanges {
  readonly schema?: string;
  readonly data?: object;
  /** User id of the event. Default: the subject. */
  readonly userId?: string;
  readonly contexts?: readonly SelfDescribingJson[];
}

/** The members of {@link SnowplowChanges}. */
export const CHANGES: readonly (keyof SnowplowChanges)[] = ["schema", "data", "userId", "contexts"];

/** Options for the content of events. */
export interface SnowplowEventOptions {
  /** Vendor in the schema URIs of the events. Default: `dev.sortition`. */
  readonly schemaVendor?: string | undefined;
  /** Returns the `schema`, `data`, `userId` or `contexts` to replace in the event of an assignment, or `null` to drop it. */
  readonly mapAssignment?: ((event: AssignmentEvent) => SnowplowChanges | null) | undefined;
  /** Like `mapAssignment`, for a bandit action. */
  readonly mapBandit?: ((event: BanditEvent) => SnowplowChanges | null) | undefined;
  /** Contexts that are added to every event. */
  readonly contexts?: readonly SelfDescribingJson[] | undefined;
  /**
   * Whether to send structured events, for pipelines without a schema registry. They lack most members. An event
   * whose mapper returns a `schema` or `data` stays self-describing. Default: `false`.
   */
  readonly structured?: boolean | undefined;
}

const SCHEMA_NAMES = { assignment: "assignment", bandit: "bandit_action" };
/** Members of an assignment. All others are extra logging. */
const FIXED = ["timestamp", "subject", "featureFlag", "allocation", "experiment", "variation"];
const OBJECTS = ["subjectAttributes", "metaData"];
const LEFT_OUT = ["format", "entityId", "evaluationDetails", "messageId"];
const BANDIT_MEMBERS = [
  ...["timestamp", "subject", "flagKey", "banditKey", "action", "actionProbability"],
  ...["optimalityGap", "modelVersion", "metaData"],
];
/** Maximum string length in the schemas. A longer string would make the event a bad row. */
const MAX_STRING_LENGTH = 4_096;

/** Builds the message for an event; `null` if the mapper drops it. */
export function snowplowMessage(
  event: PlainEvent,
  options: SnowplowEventOptions,
): SnowplowMessage | null {
  const changes = changesOf<SnowplowChanges>(event, options);
  if (changes === null) return null;
  const isStructured =
    options.structured === true && changes.schema === undefined && changes.data === undefined;
  return {
    eventId: event.id,
    userId: changes.userId ?? event.event.subject,
    timeMs: event.timeMs,
    event: isStructured ? structuredPairs(event) : selfDescribing(event, options, changes),
    contexts: (changes.contexts ?? options.contexts ?? []).map((context) => ({
      schema: context.schema,
      data: plainObject(context.data),
    })),
  };
}

function selfDescribing(
  event: PlainEvent,
  { schemaVendor = "dev.sortition" }: SnowplowEventOptions,
  changes: SnowplowChanges,
): SelfDescribingJson {
  const data = event.kind === "assignment" ? assignmentData(event) : banditData(event);
  return {
    schema: changes.schema ?? `iglu:${schemaVendor}/${SCHEMA_NAMES[event.kind]}/jsonschema/1-0-0`,
    data: changes.data === undefined ? data : plainObject(changes.data),
  };
}

function assignmentData({ members, id }: PlainEvent): PlainObject {
  const known = [...FIXED, ...OBJECTS, ...LEFT_OUT];
  const extra = Object.fromEntries(
    Object.entries(members).filter(([name]) => !known.includes(name)),
  );
  const extraLogging = strings(extra);
  return {
    eventId: id,
    ...chosen(members, [...FIXED, ...OBJECTS]),
    ...(Object.keys(extraLogging).length === 0 ? {} : { extraLogging }),
  };
}

function banditData({ members, id }: PlainEvent): PlainObject {
  const data: PlainObject = { eventId: id, ...chosen(members, BANDIT_MEMBERS) };
  for (const owner of ["subject", "action"]) {
    const numeric = members[`${owner}NumericAttributes`];
    const categorical = members[`${owner}CategoricalAttributes`];
    if (isPlainObject(numeric)) data[`${owner}NumericAttributes`] = numbers(numeric);
    if (isPlainObject(categorical)) data[`${owner}CategoricalAttributes`] = strings(categorical);
  }
  return data;
}

function chosen(members: PlainObject, names: readonly string[]): PlainObject {
  return Object.fromEntries(Object.entries(members).filter(([name]) => names.includes(name)));
}

/** Keeps numbers and nulls, the types that the schema allows for a numeric attribute. */
function numbers(attributes: PlainObject): PlainObject {
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value === null || typeof value === "number"),
  );
}

/** Keeps strings and nulls, converts booleans and numbers to strings, and removes all other members. */
function strings(attributes: PlainObject): PlainObject {
  const result: PlainObject = {};
  for (const [name, value] of Object.entries(attributes)) {
    const string = stringOf(value);
    if (string === null || (string !== undefined && string.length <= MAX_STRING_LENGTH)) {
      result[name] = string;
    }
  }
  return result;
}

function stringOf(value: Json): string | null | undefined {
  if (value === null || typeof value === "string") return value;
  return typeof value === "boolean" || typeof value === "number" ? String(value) : undefined;
}
