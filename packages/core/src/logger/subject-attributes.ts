import type { Attributes } from "../model/attributes.js";
import { isPlainObject, type PlainObject, plainCopy } from "./plain-json.js";

/** Which of the subject's attributes an event includes: all, none, a list of names, or the result of a function. */
export type SubjectAttributeChoice =
  | boolean
  | readonly string[]
  | ((attributes: Attributes) => Attributes);

const MEMBERS = [
  "subjectAttributes",
  "subjectNumericAttributes",
  "subjectCategoricalAttributes",
] as const;

/** Reduces the subject's attributes of a plain event to the chosen ones. */
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
  // The copy has the types of attributes, except for removed members.
  const { value } = plainCopy(choice(attributes as Attributes));
  return isPlainObject(value) ? value : {};
}

function picked(attributes: PlainObject, names: readonly string[]): PlainObject {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => names.includes(name)));
}
