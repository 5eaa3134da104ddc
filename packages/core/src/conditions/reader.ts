import type { Attributes } from "../model/attributes.js";
import type { Subject } from "../model/subject.js";

/** Reads one attribute of a subject; `undefined` if it has none of that name. */
export type AttributeReader = (subject: Subject) => unknown;

/** A reader of the subject's own attributes: names such as `constructor` are ordinary. */
export function attributeReader(name: string): AttributeReader {
  // What every object inherits would pass for an attribute of a plain one.
  if (name in Object.prototype) return ownReader(name);
  return (subject) => {
    const { attributes } = subject;
    const value = attributes[name];
    if (value === undefined) return undefined;
    const isOwn = (subject.arePlain ?? arePlain(attributes)) || Object.hasOwn(attributes, name);
    return isOwn ? value : undefined;
  };
}

/**
 * Like {@link attributeReader}, but a subject without an attribute `id` has its key for one. The
 * subject's own `id` wins, even when it is `null` or `undefined`.
 */
export function attributeReaderWithId(name: string): AttributeReader {
  if (name !== "id") return attributeReader(name);
  return (subject) =>
    Object.hasOwn(subject.attributes, "id") ? subject.attributes["id"] : subject.key;
}

function ownReader(name: string): AttributeReader {
  return ({ attributes }) => (Object.hasOwn(attributes, name) ? attributes[name] : undefined);
}

/** Whether all members are their own, except those that every object inherits. */
export function arePlain(attributes: Attributes): boolean {
  return Object.getPrototypeOf(attributes) === Object.prototype;
}
