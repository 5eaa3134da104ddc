import type { UnreadAttribute } from "../explain/unread-attribute.js";
import {
  type FieldMessages,
  membersOf,
  rowValue,
  SUBJECT_NAMES,
  type SubjectFields,
} from "./subject-form.js";

/** Returns `null` if a rule may read the attribute. */
export type FindUnread = (name: string) => UnreadAttribute | null;

/** Returns notes about the attributes in a valid form. */
export function formNotes(fields: SubjectFields, findUnread: FindUnread): FieldMessages {
  const { json, rows } = fields.subject;
  const members = membersOf(json);
  const notes: Record<string, string> = {};
  for (const [i, [name, value]] of rows.entries()) {
    if (value === "") continue;
    const texts = [
      ...unreadTexts([name], findUnread),
      ...numberTexts(value),
      ...(isUnfinished(value) ? ["This is not complete JSON, so it is used as a string."] : []),
      ...(Object.hasOwn(members, name)
        ? ["This value is used instead of the one in the JSON."]
        : []),
    ];
    if (texts.length > 0) notes[`${SUBJECT_NAMES.name}-${i}`] = texts.join(" ");
  }
  const unread = unreadTexts(Object.keys(members), findUnread);
  if (unread.length > 0) notes[SUBJECT_NAMES.json] = unread.join(" ");
  return notes;
}

/** Maximum number of unread attributes to name. */
const MAX_UNREAD = 5;

function unreadTexts(names: readonly string[], findUnread: FindUnread): readonly string[] {
  const found = names.flatMap((name) => {
    const unread = findUnread(name);
    return unread === null ? [] : [{ name, ...unread }];
  });
  return found.slice(0, MAX_UNREAD).map(({ isLookedUp, name, nearest }) => {
    if (isLookedUp) return `Cohorts are looked up by key, so ${name} has no effect.`;
    const question = nearest === null ? "" : ` Did you mean ${nearest}?`;
    return `No rule in the served configuration reads ${name}.${question}`;
  });
}

/** Returns a note if a number is not what was entered: `2.10` is read as 2.1. */
function numberTexts(text: string): readonly string[] {
  const value = rowValue(text);
  const entered = text.trim();
  if (typeof value !== "number" || `${value}` === entered) return [];
  return [`${entered} is read as the number ${value}. To pass a string, write "${entered}".`];
}

/** Whether a value starts like a JSON list, object or string, but does not parse. */
function isUnfinished(text: string): boolean {
  return /^\s*[["{]/.test(text) && rowValue(text) === text;
}
