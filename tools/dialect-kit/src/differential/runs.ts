import { isLong } from "@sortition/test-kit";

/** Returns the runs of a long test, or else the one run of `npm test`, which is a sample. */
export function runsOf<Run>(sample: Run, ...long: readonly Run[]): readonly Run[] {
  return isLong ? long : [sample];
}
