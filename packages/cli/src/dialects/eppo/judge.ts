import type { JudgeSupport } from "../../judge/flag-judge.js";
import { plainSubject, refuseOtherDialect } from "../../judge/subject-row.js";
import { eppoExperiments } from "./experiments.js";
import { eppoRules } from "./rules.js";

/** What Eppo adds to the commands that evaluate subjects. */
export const eppoJudge: JudgeSupport = {
  ...eppoRules,
  answersHaveValues: true,
  experiments: eppoExperiments,
  hasDependencies: false,
  subjectOf(row) {
    refuseOtherDialect(row, "eppo");
    return plainSubject(row);
  },
};
