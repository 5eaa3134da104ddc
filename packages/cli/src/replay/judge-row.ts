import type { ExposureRow, FlagExposure } from "../events/exposure-row.js";
import type { History, JudgingRevision } from "./history.js";
import type { Judgement } from "./judgement.js";

/** An exposure and its judgement. */
export interface JudgedRow {
  /** If no flag runs the experiment, `flag` is the name of the experiment. */
  readonly exposure: FlagExposure;
  /** Whether a flag runs the experiment. */
  readonly isKnown: boolean;
  readonly judgement: Judgement;
}

/**
 * Judges an exposure. An exposure that names only an experiment is right if any flag of that experiment gives the
 * logged variation.
 */
export function judgeRow(row: ExposureRow, history: History<JudgingRevision>): JudgedRow {
  if (hasFlag(row)) return { exposure: row, isKnown: true, judgement: history.judge(row) };
  const { experiment, timeMs } = row;
  let first: JudgedRow | null = null;
  for (const candidate of history.flagsOf(`${experiment}`, timeMs)) {
    const exposure = { ...row, flag: candidate.flag };
    const judged = { exposure, isKnown: true, judgement: history.judge(exposure) };
    if (judged.judgement.kind === "right") return judged;
    first ??= judged;
  }
  if (first !== null) return first;
  const exposure = { ...row, flag: `${experiment}` };
  return { exposure, isKnown: false, judgement: { kind: "no-such-flag", detail: null } };
}

function hasFlag(row: ExposureRow): row is FlagExposure {
  return row.flag !== null;
}
