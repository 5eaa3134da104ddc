import type { AttributeValue, Dialect, EvaluationRequest } from "@sortition/core";

/** The subject of an evaluation, created from a context. */
export type ContextSubject = ReturnType<NonNullable<Dialect["openFeature"]["subjectOf"]>>;

/** The members of a request to evaluate a flag for a subject. */
export function requestFor({
  attributes,
  extras = null,
  key,
}: ContextSubject): Pick<EvaluationRequest, "subjectKey" | "subjectAttributes" | "extras"> {
  return { subjectKey: key, subjectAttributes: attributes, extras };
}

/** A deeper context is assumed to contain itself. */
const MAX_DEPTH = 64;

/**
 * Returns the subject that a context describes. The subject shares no objects with the context.
 *
 * @param dialect - the dialect whose rules read the attributes; `null`: not known yet.
 * @param defaultKey - the key if the context has none.
 * @throws TypeError if the targeting key is not a string, or a value contains itself. Errors thrown by the context's own
 * getters pass through.
 */
export function subjectOf(
  context: Readonly<Record<string, unknown>>,
  dialect: Pick<Dialect, "openFeature" | "takesEmptySubjectKey"> | null,
  defaultKey: string | null = null,
): ContextSubject {
  const {
    attributeNames = {},
    subjectOf: read,
    takesNestedValues = true,
  } = dialect?.openFeature ?? {};
  if (read) return read(plainObjectOf(context, 0) as typeof context, defaultKey); // it is an object
  const { targetingKey = null } = context;
  if (targetingKey !== null && typeof targetingKey !== "string") {
    throw new TypeError("targetingKey: expected a string");
  }
  const attributes: Record<string, AttributeValue> = {};
  // `Object.entries` would allocate pairs, and this runs in every evaluation.
  for (const name of Object.keys(context)) {
    if (name === "targetingKey") continue;
    const value = plainOf(context[name], 0);
    if (value === undefined) continue;
    if (!takesNestedValues && typeof value === "object" && value !== null) continue;
    const own = Object.hasOwn(attributeNames, name) ? attributeNames[name] : undefined;
    setMember(attributes, own ?? name, value as AttributeValue); // plain JSON
  }
  const takesEmptyKey = dialect?.takesEmptySubjectKey === true;
  const hasKey = takesEmptyKey ? targetingKey !== null : Boolean(targetingKey);
  return { key: hasKey ? targetingKey : defaultKey, attributes };
}

/** Returns the value as plain JSON, with dates as ISO 8601; `undefined` if JSON cannot express it. */
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
  // Unlike `instanceof`, this also recognizes dates of another realm, such as a test runner's.
  if (Object.prototype.toString.call(value) === "[object Date]") return isoTime(value as Date);
  if (Array.isArray(value)) return value.map((it) => plainOf(it, depth) ?? null);
  const plain: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const member = plainOf((value as Readonly<Record<string, unknown>>)[name], depth);
    if (member !== undefined) setMember(plain, name, member);
  }
  return plain;
}

function setMember<T>(object: Record<string, T>, name: string, value: T): void {
  if (name !== "__proto__") object[name] = value;
  // Assigning to `__proto__` would not create a member.
  else {
    Object.defineProperty(object, name, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
}

function isoTime(date: Date): string | undefined {
  const ms = date.getTime();
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
