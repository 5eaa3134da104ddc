import {
  type Decoded,
  DecodeError,
  type JsonObject,
  type Report,
  unexpected,
} from "@sortition/core/dialect";

/**
 * Returns a part, or throws the error of a malformed part.
 *
 * @param isSound - whether the part is known to be well-formed. An evaluation reads many parts, and
 * checking the class of each would take longer than everything else.
 * @throws the decode error of a malformed part.
 */
export function decoded<T>(it: Decoded<T>, isSound: boolean): T {
  if (!isSound && it instanceof DecodeError) throw it;
  return it as T; // just checked, or known to be sound
}

/** Limits the length that an object may claim. */
const MAX_LENGTH = 10_000;

/**
 * Returns the elements of a list or of a value that is used as one, or `null` if it cannot be.
 * Quirk: a string is a list of its characters, and an object is a list with its `length`, rounded
 * up (amplitude).
 */
export function elementsIn(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  const { length } = (value ?? {}) as JsonObject; // also for values of any other type
  if (typeof length !== "number" || !(length < MAX_LENGTH)) return null;
  const isText = typeof value === "string";
  return Array.from(isText ? value : { ...(value as object), length: Math.ceil(length) });
}

/** Returns the elements of a part that should be a list. Anything else is returned unchanged. */
export function listIn(raw: unknown, path: string, report: Report): unknown {
  const elements = elementsIn(raw);
  if (elements !== null && elements !== raw) report(unexpected(path, "an array", raw));
  return elements ?? raw;
}

/** Records whether anything inside a part of a flag is malformed. */
export class Soundness {
  isSound = true;
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  readonly report: Report = (error, code) => {
    this.isSound = false;
    this.#report(error, code);
  };
}
