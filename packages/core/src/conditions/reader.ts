import type { Attributes } from "../model/attributes.js";
import type { Subject } from "../model/subject.js";

/** Reads an attribute of a subject. Returns `undefined` if it is missing. */
export type AttributeReader = (subject: Subject) => unknown;

/** Returns a reader of the subject's own attributes, for which `constructor` is an ordinary name. */
export function attributeReader(name: string): AttributeReader {
  // Otherwise members that every object inherits would be read as attributes of a plain object.
  if (name in Object.prototype) return ownReader(name);
  return (subject) => {
    const { attributes } = subject;
    const value = attributes[name];
    if (value === undefined || subject.arePlain === true) return value;
    return isOwn(subject, attributes, name) ? value : undefined;
  };
}

/**
 * Like {@link attributeReader}, but the attribute `id` defaults to the subject key. An `id` in the attributes wins,
 * even if it is `null` or `undefined`.
 */
export function attributeReaderWithId(name: string): AttributeReader {
  if (name !== "id") return attributeReader(name);
  return (subject) =>
    Object.hasOwn(subject.attributes, "id") ? subject.attributes["id"] : subject.key;
}

function ownReader(name: string): AttributeReader {
  return ({ attributes }) => (Object.hasOwn(attributes, name) ? attributes[name] : undefined);
}

/**
 * Whether a member is the object's own. Stores for other conditions whether this is true for all members, except those
 * that every object inherits.
 */
function isOwn(subject: Subject, attributes: Attributes, name: string): boolean {
  if (subject.arePlain !== false) {
    // The engine already knows the object's shape from the member access, and therefore its prototype.
    const arePlain = Object.getPrototypeOf(attributes) === Object.prototype;
    if (subject.arePlain === null) subject.arePlain = arePlain;
    if (arePlain) return true;
  }
  return Object.hasOwn(attributes, name);
}
