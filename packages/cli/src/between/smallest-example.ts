import type { JsonObject } from "../evaluate/request.js";
import type { JudgedSubject } from "../judge/flag-judge.js";
import type { Candidate, Candidates } from "./candidates.js";
import { shapeOf } from "./value-shape.js";

/** A key that rules do not mention. */
const PLAIN_KEY = "key-1";
/** Values to try for an attribute without candidates. */
const SIMPLE: readonly Candidate[] = [true, 0, 1, "", "a", [], {}].map((value) => {
  return { value, oddness: 2 };
});

/** A subject with as few attributes as possible. */
export interface SmallestExample {
  readonly subject: JudgedSubject;
  /** Attributes whose values were copied from the given subject. */
  readonly ownAttributes: readonly string[];
  /** Whether the key was copied from the given subject. */
  readonly hasOwnKey: boolean;
}

/**
 * Removes as many attributes of a subject as possible, and replaces the remaining values with values of the same shape from the
 * rules, as long as the same allocations decide.
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
    const shape = shapeOf(given.attributes[name]);
    return !values.some(({ value }) => {
      // A value of another shape may be in the group for another reason.
      if (value === undefined || shapeOf(value) !== shape) return false;
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
