import {
  type Decoded,
  DecodeError,
  isJsonObject,
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

/** An object may claim any length. */
const MAX_LENGTH = 10_000;

/**
 * A part that is to be a list, or the list that it stands for. Quirk: an object with a length is a list, and an
 * empty string is an empty one (amplitude). Anything else is returned as it is.
 */
export function listIn(raw: unknown, path: string, report: Report): unknown {
  const isList = raw === "" || (isJsonObject(raw) && isLength(raw["length"]));
  if (!isList) return raw;
  report(unexpected(path, "an array", raw));
  return Array.from(raw as ArrayLike<unknown>); // just checked
}

function isLength(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) < MAX_LENGTH;
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
