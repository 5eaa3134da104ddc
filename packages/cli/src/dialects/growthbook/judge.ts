import { optionalObjectField } from "../../evaluate/request.js";
import type { JudgeSupport } from "../../judge/flag-judge.js";
import { plainSubject } from "../../judge/subject-row.js";
import { refuseOtherDialect } from "../recognize.js";
import { growthbookComparisons } from "./compared-types.js";
import { growthbookExperiments } from "./experiments.js";
import { growthbookRules } from "./rules.js";

/** What GrowthBook adds to the commands that evaluate subjects. */
export const growthbookJudge: JudgeSupport = {
  ...growthbookRules,
  answersHaveValues: true,
  experiments: growthbookExperiments,
  hasDependencies: true,
  comparisons: growthbookComparisons,
  subjectOf(row) {
    refuseOtherDialect(row, "growthbook");
    const context = optionalObjectField(row, "context");
    if (context === undefined) return plainSubject(row);
    return { key: "", attributes: optionalObjectField(context, "attributes") ?? {} };
  },
};
