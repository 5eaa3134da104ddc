import type { ExposureRow, FlagExposure } from "../events/exposure-row.js";
import { type ExperimentFlag, variationKey } from "../judge/experiment-names.js";
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
  if (hasFlag(row)) {
    const exposure = withNames(row, history);
    return { exposure, isKnown: true, judgement: history.judge(exposure) };
  }
  const { experiment, timeMs } = row;
  let first: JudgedRow | null = null;
  for (const candidate of history.flagsOf(`${experiment}`, timeMs)) {
    const exposure = namedAs(candidate, { ...row, flag: candidate.flag });
    const judged = { exposure, isKnown: true, judgement: history.judge(exposure) };
    if (judged.judgement.kind === "right") return judged;
    first ??= judged;
  }
  if (first !== null) return first;
  const exposure = { ...row, flag: `${experiment}` };
  return { exposure, isKnown: false, judgement: { kind: "no-such-flag", detail: null } };
}

/** Names a row of a table as the configuration does. */
function withNames(row: FlagExposure, history: History<JudgingRevision>): FlagExposure {
  const { experiment, flag, mayHaveIndex, timeMs } = row;
  if (!mayHaveIndex || experiment === null) return row;
  const own = history.flagsOf(experiment, timeMs).find((it) => it.flag === flag);
  return own === undefined ? row : namedAs(own, row);
}

/** Replaces the index of a variation with its key, and removes the name of an experiment that is only the flag's. */
function namedAs(own: ExperimentFlag, row: FlagExposure): FlagExposure {
  const { isIndex, variation: named } = row;
  const variation = named === null ? null : variationKey(named, own, isIndex);
  const isFlag = own.allocation === null && row.experiment === own.flag;
  return { ...row, variation, experiment: isFlag ? null : row.experiment };
}

function hasFlag(row: ExposureRow): row is FlagExposure {
  return row.flag !== null;
}
