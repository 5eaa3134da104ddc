import type { Configuration } from "@sortition/core";
import type { FlagComparison } from "@sortition/core/dialect";
import type { Section } from "../analysis/report.js";
import type { JudgedSubject } from "../judge/flag-judge.js";

/** Evaluates each subject with several flags, to find what a comparison of one flag does not show. */
export interface SubjectWatch {
  add(subject: JudgedSubject): void;
  /** What was found. Without subjects, they are made up. */
  report(): WatchReport;
}

/** Parts of a report. Both are empty if nothing was found. */
export interface WatchReport {
  readonly sections: readonly Section[];
  readonly json: readonly object[];
}

/** Watches the subjects of two configurations of one dialect. */
export type WatchConfigurations = (
  configurations: readonly [Configuration, Configuration],
  comparisons: readonly FlagComparison[],
  nowMs: number,
) => SubjectWatch;
