import type { JsonObject } from "../evaluate/request.js";
import type { JudgedSubject } from "../judge/flag-judge.js";

/** A key that rules do not mention. */
const PLAIN_KEY = "key-1";

/** A subject with as few attributes as possible. */
export interface SmallestExample {
  readonly subject: JudgedSubject;
  /** Whether the result depends on the key of the given subject. */
  readonly hasOwnKey: boolean;
}

/**
 * Removes as many attributes of a subject as possible, as long as the same allocations decide.
 *
 * @param keeps - whether a subject still belongs to the group.
 */
export function smallestExample(
  given: JudgedSubject,
  keeps: (subject: JudgedSubject) => boolean,
): SmallestExample {
  let subject = given;
  const tries = (next: JudgedSubject): boolean => {
    const isKept = keeps(next);
    if (isKept) subject = next;
    return isKept;
  };
  const hasOwnKey = !tries({ ...subject, key: PLAIN_KEY });
  for (let size = -1; size !== sizeOf(subject); ) {
    size = sizeOf(subject);
    for (const name of Object.keys(subject.attributes)) {
      tries({ ...subject, attributes: without(subject.attributes, name) });
    }
  }
  return { subject, hasOwnKey };
}

function sizeOf({ attributes }: JudgedSubject): number {
  return Object.keys(attributes).length;
}

function without(attributes: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(attributes).filter(([it]) => it !== name));
}
