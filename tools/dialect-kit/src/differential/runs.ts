import { isLong } from "@sortition/test-kit";

/** Returns the run of a long test, or else the one of `npm test`, which is a sample. */
export function runOf<Run>(sample: Run, long: Run): Run {
  return isLong ? long : sample;
}
