import { isJsonObject } from "../conditions/decode.js";
import type { Subject } from "../model/subject.js";
import type { HashedUnit } from "./description.js";

type Members = Readonly<Record<string, unknown>>;

/** A subject whose attributes may have any value, as in a table. */
export interface UnitSubject extends Pick<Subject, "key"> {
  /** Id of the person to whom the key belongs, if the vendor's events name it. */
  readonly person?: string | null;
  readonly attributes: Members;
}

/**
 * Returns the value of a unit whose attributes are names or paths in the subject's attributes.
 *
 * @returns `null` if the subject lacks it.
 */
export function unitValue({ attributes: names }: HashedUnit, subject: UnitSubject): string | null {
  if (names.length === 0) return subject.key === "" ? null : subject.key;
  for (const name of names) {
    const text = hashedText(attributeAt(subject.attributes, name));
    if (text !== null) return text;
  }
  return null;
}

/** Returns a value as the string that tells units apart; `null` if there is none. */
export function hashedText(value: unknown): string | null {
  if (value === undefined || value === null || value === "") return null;
  return typeof value === "object" ? JSON.stringify(value, withoutBigInt) : String(value);
}

/** JSON has no `bigint`, which readers of large integers use. */
function withoutBigInt(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

/** Returns an attribute by its name, or by a path into nested attributes. A name with dots takes precedence. */
function attributeAt(attributes: Members, name: string): unknown {
  if (Object.hasOwn(attributes, name)) return attributes[name];
  const dot = name.indexOf(".");
  if (dot === -1) return undefined;
  const inner = attributes[name.slice(0, dot)];
  return isJsonObject(inner) ? attributeAt(inner, name.slice(dot + 1)) : undefined;
}

/** Returns attributes with another value at a name or path. */
export function withAttribute(attributes: Members, name: string, value: unknown): Members {
  const dot = name.indexOf(".");
  if (dot === -1) return { ...attributes, [name]: value };
  const first = name.slice(0, dot);
  const inner = attributes[first];
  const own = isJsonObject(inner) ? inner : {};
  return { ...attributes, [first]: withAttribute(own, name.slice(dot + 1), value) };
}
