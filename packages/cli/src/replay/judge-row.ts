import type { ExposureRow, FlagExposure } from "../events/exposure-row.js";
import { variationKey } from "../judge/experiment-names.js";
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
    const exposure = withVariationKey(row, history);
    return { exposure, isKnown: true, judgement: history.judge(exposure) };
  }
  const { experiment, isIndex, timeMs } = row;
  let first: JudgedRow | null = null;
  for (const candidate of history.flagsOf(`${experiment}`, timeMs)) {
    const { variation: named } = row;
    const variation = named === null ? null : variationKey(named, candidate, isIndex);
    const exposure = { ...row, flag: candidate.flag, variation };
    const judged = { exposure, isKnown: true, judgement: history.judge(exposure) };
    if (judged.judgement.kind === "right") return judged;
    first ??= judged;
  }
  if (first !== null) return first;
  const exposure = { ...row, flag: `${experiment}` };
  return { exposure, isKnown: false, judgement: { kind: "no-such-flag", detail: null } };
}

/** Replaces a variation index with its key, because tables may contain either. */
function withVariationKey(row: FlagExposure, history: History<JudgingRevision>): FlagExposure {
  const { experiment, flag, isIndex, mayHaveIndex, timeMs, variation } = row;
  if (!mayHaveIndex || experiment === null || variation === null) return row;
  const own = history.flagsOf(experiment, timeMs).find((it) => it.flag === flag);
  return own === undefined ? row : { ...row, variation: variationKey(variation, own, isIndex) };
}

function hasFlag(row: ExposureRow): row is FlagExposure {
  return row.flag !== null;
}
