import { isPlainObject, type Json, type PlainObject, plainCopy } from "@sortition/core/internal";
import type { Scope } from "../context/scope.js";
import type { EventMessage } from "./messages.js";

/** What a capturing call was given, copied before the call returns: the caller may change it afterwards. */
export interface CaptureCall extends Omit<EventMessage, "properties"> {
  /** When it was called, epoch ms. */
  readonly calledAtMs: number;
  /** A copy. */
  readonly properties: PlainObject;
  /** Values of flags that become properties. */
  readonly flagValues: Readonly<Record<string, boolean | string>> | null;
  /** Keys of the flags of a snapshot that are on; absent: those whose value is not `false`. */
  readonly activeFlags: readonly string[] | undefined;
  readonly sessionId: string | undefined;
  /** Properties of the context. A copy. */
  readonly contextProperties: PlainObject;
  /** Whether the event gets the properties of the client and of the context. */
  readonly hasContext: boolean;
  /** Members of the event beside `properties`, such as `$set` of the module functions. */
  readonly members?: PlainObject | undefined;
}

/** Copies what a call was given. Never throws: what cannot be copied is left out. */
export function captureCall(
  message: EventMessage,
  scope: Scope | null,
  options: {
    readonly hasContext: boolean;
    readonly members?: PlainObject | undefined;
    readonly nowMs: number;
  },
): CaptureCall {
  const { disableGeoip, event, flags, properties, sendFeatureFlags, timestamp, uuid } = message;
  const { hasContext, members, nowMs } = options;
  return {
    event,
    timestamp,
    disableGeoip,
    uuid,
    flags,
    sendFeatureFlags,
    calledAtMs: nowMs,
    distinctId: plainId(message.distinctId || scope?.read("distinctId")),
    groups: copiedGroups(message.groups),
    properties: copied(properties),
    flagValues: flags?.values ?? null,
    activeFlags: flags?.active,
    sessionId: scope?.read("sessionId"),
    contextProperties: scope === null || !hasContext ? NO_PROPERTIES : copied(scope.tags()),
    hasContext,
    members,
  };
}

export const NO_PROPERTIES: PlainObject = /* @__PURE__ */ Object.freeze({});

/**
 * A copy of the members as plain JSON. Quirk: the vendor spreads the value, so that a string has its characters, a list its
 * items, an instance of a class its fields although it has a `toJSON`, and an object within itself is named one level deeper
 * (posthog-node).
 */
function copiedMembers(value: unknown): PlainObject {
  // Stands for the spread, which would take as long as the whole copy.
  const root = {};
  const membersOf = (it: object): object => (it === root ? (value as object) : errorMembers(it)); // anything has members
  const { value: copy } = plainCopy(root, membersOf, SUBSTITUTES);
  return isPlainObject(copy) ? copy : {};
}

/** What the vendor's JSON has in place of `NaN`, and of an object within itself. */
const SUBSTITUTES = { number: null, cycle: "[Circular]", proto: true } as const;

export function jsonOf(value: unknown): Json | undefined {
  return plainCopy(value, errorMembers, SUBSTITUTES).value;
}

/** `JSON.stringify` omits the name, message and stack of an error: they are not enumerable. */
function errorMembers(value: object): object {
  if (!(value instanceof Error)) return value;
  const { name, message, stack } = value;
  return { name, message, stack };
}

/** A copy as plain JSON. A type of group whose key has no JSON form stays, so the event still has `$groups`. */
export function copiedGroups(groups: EventMessage["groups"]): EventMessage["groups"] {
  if (groups === undefined || typeof groups === "string") return groups;
  // Quirk: a list is sent as a list (posthog-node).
  if (Array.isArray(groups)) return jsonOf(groups) as unknown as EventMessage["groups"]; // as given
  const copy = jsonOf(groups);
  return withAllKeys(groups, isPlainObject(copy) ? copy : {}) as EventMessage["groups"]; // as given
}

/**
 * The id as it is sent. An untyped caller may give anything: an object is sent as its JSON form, and what JSON cannot
 * express, such as a `bigint`, as a string.
 */
export function plainId<Id extends string | undefined>(id: Id): Id {
  const type: string = typeof id;
  if (type === "object") return jsonOf(id) as Id; // the type was not kept
  const isPlain = type === "string" || type === "undefined" || type === "number";
  return isPlain || type === "boolean" ? id : (String(id) as Id); // the type was not kept
}

/**
 * A copy as plain JSON that keeps the keys of values without a JSON form, such as `undefined`: they hide properties of the
 * same name that come from the context, the client and the flags.
 */
export function copied(value: unknown): PlainObject {
  return withAllKeys(value, copiedMembers(value));
}

/** Of a member `__proto__`, which an assignment would make the prototype. */
const OWN_MEMBER = { configurable: true, enumerable: true, writable: true };

function withAllKeys(value: unknown, copy: PlainObject): PlainObject {
  const keys = Object.keys(value ?? {});
  if (keys.length === Object.keys(copy).length) return copy;
  // In the order of the original. A loop, which takes a sixth of the time of spreads.
  const all: Record<string, Json | undefined> = {};
  for (const key of keys) {
    const member = Object.hasOwn(copy, key) ? copy[key] : undefined;
    if (key !== "__proto__") all[key] = member;
    else Object.defineProperty(all, key, { value: member, ...OWN_MEMBER });
  }
  // An error has members that are not its own.
  for (const key in copy) if (!Object.hasOwn(all, key)) all[key] = copy[key];
  return all as PlainObject; // as it is sent
}
