import type { Attributes } from "../model/attributes.js";
import { isPlainObject, type PlainObject, plainCopy } from "./plain-json.js";

/** The subject's attributes that an event has: all, none, those with these names, or the result of a function. */
export type SubjectAttributeChoice =
  | boolean
  | readonly string[]
  | ((attributes: Attributes) => Attributes);

const MEMBERS = [
  "subjectAttributes",
  "subjectNumericAttributes",
  "subjectCategoricalAttributes",
] as const;

/** Changes a plain event so that it has only the chosen attributes of its subject. */
export function chooseSubjectAttributes(event: PlainObject, choice: SubjectAttributeChoice): void {
  if (choice === true) return;
  for (const member of MEMBERS) {
    const attributes = event[member];
    if (!isPlainObject(attributes)) continue;
    if (choice === false) delete event[member];
    else
      event[member] =
        typeof choice === "function" ? made(choice, attributes) : picked(attributes, choice);
  }
}

function made(
  choice: (attributes: Attributes) => Attributes,
  attributes: PlainObject,
): PlainObject {
  // The copy of attributes has the types of attributes, apart from removed members.
  const { value } = plainCopy(choice(attributes as Attributes));
  return isPlainObject(value) ? value : {};
}

function picked(attributes: PlainObject, names: readonly string[]): PlainObject {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => names.includes(name)));
}
