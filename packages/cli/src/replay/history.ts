import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { FileError } from "../errors.js";
import { systemProblem } from "../evaluate/payload-file.js";
import type { FlagExposure } from "../events/exposure-row.js";
import type { ExperimentFlag, ExperimentNames } from "../judge/experiment-names.js";
import type { FlagJudge } from "../judge/flag-judge.js";
import { isUnjudged, isWrong, type Judgement, judgeExposure } from "./judgement.js";

/** A file in a folder of revisions. */
export interface RevisionFile {
  readonly path: string;
  /** Modification time of the file, in epoch ms. */
  readonly writtenAtMs: number;
}

/**
 * Lists the files in a folder of revisions, the oldest first.
 *
 * @throws FileError if the folder or a file cannot be read, or the folder has no `.json` file.
 */
export async function revisionFiles(folder: string): Promise<readonly RevisionFile[]> {
  let names: readonly string[];
  try {
    names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  } catch (error) {
    throw new FileError(`--history ${folder}: ${systemProblem(error)}`);
  }
  if (names.length === 0) throw new FileError(`--history ${folder}: the folder has no *.json file`);
  const files = names.map(async (name) => {
    const path = join(folder, name);
    try {
      return { path, writtenAtMs: (await stat(path)).mtimeMs };
    } catch (error) {
      throw new FileError(`${path}: ${systemProblem(error)}`);
    }
  });
  return (await Promise.all(files)).sort(
    (a, b) =>
      a.writtenAtMs - b.writtenAtMs || a.path.localeCompare(b.path, "en", { numeric: true }),
  );
}

/** A configuration and the time when it came into force. */
export interface Revision {
  /** Name in messages. */
  readonly name: string;
  readonly sinceMs: number;
  readonly judge: FlagJudge;
  readonly experiments: ExperimentNames;
}

/** Judges exposures by the revision in force at their time, and by nearby revisions. */
export class History {
  readonly #revisions: readonly Revision[];
  readonly #graceMs: number;

  /**
   * @param revisions - at least one revision, the oldest first.
   * @param graceMs - the time before and after a change in which events may belong to either revision.
   */
  constructor(revisions: readonly Revision[], graceMs: number) {
    this.#revisions = revisions;
    this.#graceMs = graceMs;
  }

  /** The revision in force at a time, or the first revision for an earlier time. */
  at(timeMs: number): Revision {
    return this.#revisions[this.#indexAt(timeMs)] as Revision; // not empty
  }

  /** The flags of an experiment in the revision in force at a time, else in the latest revision that contains it. */
  flagsOf(experiment: string, timeMs: number): readonly ExperimentFlag[] {
    const own = this.at(timeMs).experiments.flagsOf(experiment);
    if (own.length > 0) return own;
    const others = this.#revisions.map(({ experiments }) => experiments.flagsOf(experiment));
    return others.findLast((flags) => flags.length > 0) ?? [];
  }

  judge(exposure: FlagExposure): Judgement {
    const { timeMs } = exposure;
    if (exposure.isForced) return { kind: "overridden", detail: null };
    const current = this.#indexAt(timeMs);
    const own = judgeExposure(exposure, this.at(timeMs).judge);
    if (!isWrong(own.kind)) return own;
    const first = this.#firstBefore(timeMs);
    const last = this.#indexAt(timeMs + this.#graceMs);
    let isUnknown: Judgement | null = null;
    let other: Judgement | null = null;
    for (const [i, { judge, name }] of this.#revisions.entries()) {
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

  /** Index of the first revision that may have caused an event, including one that ended exactly a grace period before. */
  #firstBefore(timeMs: number): number {
    const earliestMs = timeMs - this.#graceMs;
    let first = this.#indexAt(earliestMs);
    const sinceMs = (at: number): number => this.#revisions[at]?.sinceMs ?? Number.NaN;
    if (this.#graceMs > 0 && first > 0 && sinceMs(first) === earliestMs) first -= 1;
    // If two revisions have the same time, their order is unknown.
    while (sinceMs(first - 1) === sinceMs(first)) first -= 1;
    return first;
  }

  #indexAt(timeMs: number): number {
    let index = 0;
    for (let i = 1; i < this.#revisions.length; i++) {
      if ((this.#revisions[i] as Revision).sinceMs <= timeMs) index = i; // i < length
    }
    return index;
  }
}
