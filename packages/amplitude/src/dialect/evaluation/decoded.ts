import {
  type Decoded,
  DecodeError,
  type JsonObject,
  type Report,
  unexpected,
} from "@sortition/core/dialect";

/**
 * A part that may be malformed.
 *
 * @param isSound - whether it is known not to be: an evaluation reads many parts, and asking each for its
 * class takes longer than all the rest.
 * @throws the decode error of a malformed part.
 */
export function decoded<T>(it: Decoded<T>, isSound: boolean): T {
  if (!isSound && it instanceof DecodeError) throw it;
  return it as T; // just checked, or known
}

/** A body may claim any length. */
const MAX_LENGTH = 10_000;

/**
 * The elements of a list, or of what stands for one; `null`: it does not. Quirk: a string is a list of its characters, and
 * an object one of as many members as the number says that is its length, rounded up (amplitude).
 */
export function elementsIn(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  const { length } = (value ?? {}) as JsonObject; // of any other value, too
  if (typeof length !== "number" || !(length < MAX_LENGTH)) return null;
  const isText = typeof value === "string";
  return Array.from(isText ? value : { ...(value as object), length: Math.ceil(length) });
}

/** The elements of a part that is to be a list. Anything else is returned as it is. */
export function listIn(raw: unknown, path: string, report: Report): unknown {
  const elements = elementsIn(raw);
  if (elements !== null && elements !== raw) report(unexpected(path, "an array", raw));
  return elements ?? raw;
}

/** Whether anything inside a part of a flag is malformed. */
export class Soundness {
  isSound = true;
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  /** Reports something malformed. */
  readonly report: Report = (error) => {
    this.isSound = false;
    this.#report(error);
  };
}
