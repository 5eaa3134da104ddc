import type { Attributes } from "../model/attributes.js";
import { isJsonObject, type JsonObject, plainCopy } from "./plain-json.js";

/** Which attributes of the subject an event carries: all, none, those of these names, or what a function makes of them. */
export type SubjectAttributeChoice =
  | boolean
  | readonly string[]
  | ((attributes: Attributes) => Attributes);

const MEMBERS = [
  "subjectAttributes",
  "subjectNumericAttributes",
  "subjectCategoricalAttributes",
] as const;

/** Changes a plain event so that it carries the chosen attributes of its subject, and no others. */
export function chooseSubjectAttributes(event: JsonObject, choice: SubjectAttributeChoice): void {
  if (choice === true) return;
  for (const member of MEMBERS) {
    const attributes = event[member];
    if (!isJsonObject(attributes)) continue;
    if (choice === false) delete event[member];
    else
      event[member] =
        typeof choice === "function" ? made(choice, attributes) : picked(attributes, choice);
  }
}

function made(choice: (attributes: Attributes) => Attributes, attributes: JsonObject): JsonObject {
  // What a subject has as attributes are strings, numbers and booleans; of the copy only more so.
  const { value } = plainCopy(choice(attributes as Attributes));
  return isJsonObject(value) ? value : {};
}

function picked(attributes: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => names.includes(name)));
}
