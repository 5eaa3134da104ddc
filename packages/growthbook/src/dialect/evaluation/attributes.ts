import type { EvaluationCall } from "./evaluation-call.js";

/**
 * Reads one attribute: an override, else the attribute itself. Members of `Object.prototype` are found,
 * as by the vendor's SDK, which merges all attributes into a plain object.
 *
 * @returns `null` if there is no such attribute; `undefined` only if that is its value.
 */
export function attributeOf(context: EvaluationCall, name: string): unknown {
  const { attributeOverrides, attributes, subjectKey } = context;
  if (attributeOverrides !== null && Object.hasOwn(attributeOverrides, name)) {
    return (attributeOverrides as Members)[name];
  }
  // The subject key is the attribute `id`, unless the attributes have one.
  if (subjectKey !== null && name === "id" && !hasId(attributes)) return subjectKey;
  const value = (attributes as Members)[name];
  if (value === undefined) return missing(context, name);
  if (context.plainAttributes === attributes || isPlain(context)) return value;
  return Object.hasOwn(attributes, name) ? value : missing(context, name);
}

/** Asks by `in` first: V8 caches its answer for each shape of object, unlike that of `Object.hasOwn`. */
function hasId(attributes: object): boolean {
  return "id" in attributes && Object.hasOwn(attributes, "id");
}

/** Whether the attributes are like an object literal: then each value that they have or inherit is one that the vendor finds. */
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

/** A value to hash, and the attribute that it comes from, as the result names it. */
export interface HashValue {
  readonly hashAttribute: string;
  /** Of any type, also a number or a list; `""` if there is no value. */
  readonly hashValue: string;
}

/**
 * The value of the attribute, else of the fallback attribute. A falsy value counts as absent.
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
  return { hashAttribute: name, hashValue: value as string }; // typed as the vendor declares it
}

/** The value of an attribute that is to be hashed; `""` if it is falsy. */
export function truthyValueOf(context: EvaluationCall, name: string): unknown {
  return attributeOf(context, name) || "";
}
