import type { Attributes, AttributeValue } from "@sortition/core";

/** The subject of an evaluation, made of a context. */
export interface ContextSubject {
  /** `null`: the context has no targeting key. */
  readonly key: string | null;
  readonly attributes: Attributes;
  /** Names of the values that the rules of the dialect cannot read, and that are left out. */
  readonly unreadable: readonly string[];
}

const NONE: readonly string[] = [];

/** Names for which PostHog's dialect has others. */
const POSTHOG_NAMES: Readonly<Record<string, string>> = {
  groups: "$groups",
  groupProperties: "$group_properties",
};

/** A context nests deeper only if it contains itself. */
const MAX_DEPTH = 64;

/**
 * The subject that a context describes. Nothing of the context is kept.
 *
 * @param defaultKey - key of subjects whose context has none.
 * @param takesEmptyKey - whether the empty string is a key like any other.
 * @throws TypeError if the targeting key is not a string, or a value contains itself; what getters throw.
 */
export function subjectOf(
  context: Readonly<Record<string, unknown>>,
  dialect: string,
  defaultKey: string | null = null,
  takesEmptyKey = false,
): ContextSubject {
  const { targetingKey = null } = context;
  if (targetingKey !== null && typeof targetingKey !== "string") {
    throw new TypeError("targetingKey: expected a string");
  }
  const attributes: Record<string, AttributeValue> = {};
  let unreadable: string[] | null = null;
  // Not `Object.entries`: this runs in every evaluation.
  for (const name of Object.keys(context)) {
    if (name === "targetingKey" || name === "__proto__") continue;
    const value = plainOf(context[name], 0);
    if (value === undefined) continue;
    if (dialect === "eppo" && typeof value === "object" && value !== null) {
      unreadable ??= [];
      unreadable.push(name);
    } else attributes[nameFor(name, dialect)] = value as AttributeValue; // plain JSON
  }
  const hasKey = takesEmptyKey ? targetingKey !== null : Boolean(targetingKey);
  return { key: hasKey ? targetingKey : defaultKey, attributes, unreadable: unreadable ?? NONE };
}

function nameFor(name: string, dialect: string): string {
  return dialect === "posthog" && Object.hasOwn(POSTHOG_NAMES, name)
    ? (POSTHOG_NAMES[name] as string) // it has this name
    : name;
}

/** The value as JSON, with dates as ISO 8601; `undefined`: JSON has no such value. */
function plainOf(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    case "object":
      return value === null ? null : plainObjectOf(value, depth + 1);
    default:
      return undefined;
  }
}

function plainObjectOf(value: object, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new TypeError("a value contains itself");
  // Also a date of another realm, such as a test runner's.
  if (Object.prototype.toString.call(value) === "[object Date]") return isoTime(value as Date);
  if (Array.isArray(value)) return value.map((it) => plainOf(it, depth) ?? null);
  const plain: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    if (name === "__proto__") continue;
    const member = plainOf((value as Readonly<Record<string, unknown>>)[name], depth);
    if (member !== undefined) plain[name] = member;
  }
  return plain;
}

function isoTime(date: Date): string | undefined {
  const ms = date.getTime();
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
