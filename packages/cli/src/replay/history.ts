import type { FlagExposure } from "../events/exposure-row.js";
import type { Revision } from "../history/open-revisions.js";
import type { Timeline } from "../history/timeline.js";
import type { ExperimentFlag, ExperimentNames } from "../judge/experiment-names.js";
import type { FlagJudge } from "../judge/flag-judge.js";
import { isUnjudged, isWrong, type Judgement, judgeExposure } from "./judgement.js";

/** A revision that can judge exposures. */
export interface JudgingRevision extends Revision {
  readonly judge: FlagJudge;
  readonly experiments: ExperimentNames;
}

/** Judges exposures by the revision in force at their time, and by nearby revisions. */
export class History<Judging extends JudgingRevision> {
  readonly revisions: readonly Judging[];
  readonly #timeline: Timeline;

  constructor(timeline: Timeline, judgeOf: (revision: Revision) => Judging) {
    this.#timeline = timeline;
    this.revisions = timeline.revisions.map(judgeOf);
  }

  /** The revision in force at a time, or the first revision for an earlier time. */
  at(timeMs: number): Judging {
    return this.revisions[this.#timeline.indexAt(timeMs)] as Judging; // not empty
  }

  /** The flags of an experiment in the revision in force at a time, else in the latest revision that contains it. */
  flagsOf(experiment: string, timeMs: number): readonly ExperimentFlag[] {
    const own = this.at(timeMs).experiments.flagsOf(experiment);
    if (own.length > 0) return own;
    const others = this.revisions.map(({ experiments }) => experiments.flagsOf(experiment));
    return others.findLast((flags) => flags.length > 0) ?? [];
  }

  judge(exposure: FlagExposure): Judgement {
    const { laterMs, timeMs } = exposure;
    if (exposure.isForced) return { kind: "overridden", detail: null };
    const own = judgeExposure(exposure, this.at(timeMs).judge);
    if (!isWrong(own.kind)) return own;
    if (laterMs !== undefined) {
      const later = judgeExposure({ ...exposure, timeMs: laterMs }, this.at(laterMs).judge);
      if (!isWrong(later.kind)) return later;
    }
    const current = this.#timeline.indexAt(timeMs);
    const [first, last] = this.#timeline.rangeOf(exposure);
    let isUnknown: Judgement | null = null;
    let other: Judgement | null = null;
    for (const [i, { judge, name }] of this.revisions.entries()) {
      if (i === current) continue;
      const judgement = judgeExposure(exposure, judge);
      const isInForce = i >= first && i <= last;
      if (judgement.kind === "right") {
        if (isInForce) return judgement;
        other ??= { kind: "another-revision", detail: name };
      } else if (isInForce && isUnjudged(judgement.kind)) isUnknown ??= judgement;
    }
    if (exposure.isSticky && own.kind === "wrong-variation") {
      return { kind: "overridden", detail: null };
    }
    // The exposure may be right for a revision whose rules read an attribute that it lacks.
    return isUnknown ?? other ?? own;
  }
}
