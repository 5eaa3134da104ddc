import { type Decoded, DecodeError, type Report } from "@sortition/core/dialect";

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
