import type { EvaluationCall } from "./evaluation-call.js";

/**
 * Reads one attribute or its override. Members of `Object.prototype` are found, as in the vendor's SDK, which merges
 * all attributes into a plain object.
 *
 * @returns `null` if there is no such attribute, and `undefined` only if that is its value.
 */
export function attributeOf(context: EvaluationCall, name: string): unknown {
  const { attributeOverrides, attributes, subjectKey } = context;
  if (attributeOverrides !== null && Object.hasOwn(attributeOverrides, name)) {
    return (attributeOverrides as Members)[name];
  }
  // The subject key is used as the attribute `id` if the attributes have none.
  if (subjectKey !== null && name === "id" && !hasId(attributes)) return subjectKey;
  const value = (attributes as Members)[name];
  if (value === undefined) return missing(context, name);
  if (context.plainAttributes === attributes || isPlain(context)) return value;
  return Object.hasOwn(attributes, name) ? value : missing(context, name);
}

/**
 * Checks with `in` first, because V8 caches its result for each object shape, which it does not do for `Object.hasOwn`.
 */
function hasId(attributes: object): boolean {
  return "id" in attributes && Object.hasOwn(attributes, "id");
}

/** Returns whether the attributes are a plain object. The vendor then finds each value that they have or inherit. */
function isPlain(context: EvaluationCall): boolean {
  const { attributes } = context;
  if (Object.getPrototypeOf(attributes) !== Object.prototype) return false;
  context.plainAttributes = attributes;
  return true;
}

type Members = Readonly<Record<string, unknown>>;

function missing({ attributes }: EvaluationCall, name: string): unknown {
  if (Object.hasOwn(attributes, name)) return undefined;
  return name in Object.prototype ? (Object.prototype as unknown as Members)[name] : null;
}

/** A value to hash, and the attribute that provided it, which the result names. */
export interface HashValue {
  readonly hashAttribute: string;
  /** The value, which may be of any type, such as a number or a list. Empty if there is none. */
  readonly hashValue: string;
}

/**
 * Returns the value of the attribute, or of the fallback attribute. A falsy value is treated as missing.
 *
 * @param attribute - default: `id`.
 */
export function hashValueOf(
  context: EvaluationCall,
  attribute?: string | null,
  fallback?: string | null,
): HashValue {
  const name = attribute || "id";
  const value = truthyValueOf(context, name);
  if (value === "" && fallback) {
    const other = truthyValueOf(context, fallback);
    if (other !== "") return { hashAttribute: fallback, hashValue: other as string };
  }
  return { hashAttribute: name, hashValue: value as string }; // has the type that the vendor declares
}

/** Returns the attribute value to hash, or an empty string if it is falsy. */
export function truthyValueOf(context: EvaluationCall, name: string): unknown {
  return attributeOf(context, name) || "";
}
