import type { Attributes } from "../model/attributes.js";
import type { Subject } from "../model/subject.js";

/** Reads one attribute of a subject; `undefined` if it is missing. */
export type AttributeReader = (subject: Subject) => unknown;

/** Reads an own attribute of the subject: `constructor` is a name like any other. */
export function attributeReader(name: string): AttributeReader {
  // Otherwise members that every object inherits would count as attributes of a plain object.
  if (name in Object.prototype) return ownReader(name);
  return (subject) => {
    const { attributes } = subject;
    const value = attributes[name];
    if (value === undefined) return undefined;
    const isOwn =
      (subject.arePlain ?? noted(subject, attributes)) || Object.hasOwn(attributes, name);
    return isOwn ? value : undefined;
  };
}

/**
 * Like {@link attributeReader}, but the attribute `id` defaults to the subject key. An own `id` wins, even
 * if it is `null` or `undefined`.
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
 * Whether all members are their own, except those that every object inherits; noted for the other conditions.
 *
 * In the reader of an attribute the engine knows the shape of the object, and need not ask for its prototype.
 */
function noted(subject: Subject, attributes: Attributes): boolean {
  const arePlain = Object.getPrototypeOf(attributes) === Object.prototype;
  if (subject.arePlain === null) subject.arePlain = arePlain;
  return arePlain;
}
