import type { Subject } from "../model/subject.js";

/** Reads one attribute of a subject; `undefined` if it has none of that name. */
export type AttributeReader = (subject: Subject) => unknown;

/** A reader of the subject's own attributes: names such as `constructor` are ordinary. */
export function attributeReader(name: string): AttributeReader {
  return (subject) =>
    Object.hasOwn(subject.attributes, name) ? subject.attributes[name] : undefined;
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
