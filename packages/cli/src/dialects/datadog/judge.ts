import type { JudgeSupport } from "../../judge/flag-judge.js";
import { plainSubject } from "../../judge/subject-row.js";
import { eppoExperiments } from "../eppo/experiments.js";
import { eppoRules } from "../eppo/rules.js";
import { refuseOtherDialect } from "../recognize.js";

/** What Datadog adds to the commands that evaluate subjects. Its flags have the structure of Eppo's. */
export const datadogJudge: JudgeSupport = {
  ...eppoRules,
  answersHaveValues: true,
  experiments: eppoExperiments,
  hasDependencies: false,
  subjectOf(row) {
    refuseOtherDialect(row, "datadog");
    return plainSubject(row);
  },
};
