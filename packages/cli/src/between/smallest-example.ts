import type { JsonObject } from "../evaluate/request.js";
import type { JudgedSubject } from "../judge/flag-judge.js";
import type { Candidate, Candidates } from "./candidates.js";

/** The key of a subject that rules do not name. */
const PLAIN_KEY = "key-1";
/** Values that are tried for an attribute without candidates. */
const SIMPLE: readonly Candidate[] = [true, 0, 1, "", "a", [], {}].map((value) => {
  return { value, oddness: 2 };
});

/** A subject with as few attributes as possible. */
export interface SmallestExample {
  readonly subject: JudgedSubject;
  /** Attributes whose values are those of the given subject. */
  readonly ownAttributes: readonly string[];
  /** Whether the key is that of the given subject. */
  readonly hasOwnKey: boolean;
}

/**
 * Removes the attributes of a subject, and replaces the values of all others by values from the rules, as long as the same
 * allocations decide.
 *
 * @param keeps - whether a subject still belongs to the group.
 */
export function smallestExample(
  given: JudgedSubject,
  candidates: Candidates,
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
  const ownAttributes = Object.keys(subject.attributes).filter((name) => {
    const values = [...(candidates.get(name) ?? []), ...SIMPLE];
    return !values.some(({ value }) => {
      if (value === undefined) return false;
      return tries({ ...subject, attributes: { ...subject.attributes, [name]: value } });
    });
  });
  return { subject, ownAttributes, hasOwnKey };
}

function sizeOf({ attributes }: JudgedSubject): number {
  return Object.keys(attributes).length;
}

function without(attributes: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(attributes).filter(([it]) => it !== name));
}
