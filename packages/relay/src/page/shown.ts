import { printable } from "@sortition/core/dialect-internal";

/** Characters of a text that are shown in a place where others stand beside it. */
export const MAX_TEXT = 200;

/** Marks by which a text could change the direction of what stands around it. */
const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text of a payload or of a person, with control characters and marks of direction as escapes. */
export function shown(text: string): string {
  return printable(text).replace(
    DIRECTION_MARKS,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
