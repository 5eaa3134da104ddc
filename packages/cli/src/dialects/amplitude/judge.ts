import { optionalObjectField } from "../../evaluate/request.js";
import type { JudgeSupport } from "../../judge/flag-judge.js";
import { plainSubject } from "../../judge/subject-row.js";
import { refuseOtherDialect } from "../recognize.js";
import { amplitudeExperiments } from "./experiments.js";
import { amplitudeGap } from "./gap.js";
import { amplitudeRules } from "./rules.js";

/** What Amplitude adds to the commands that evaluate subjects. */
export const amplitudeJudge: JudgeSupport = {
  ...amplitudeRules,
  answersHaveValues: false,
  experiments: amplitudeExperiments,
  hasDependencies: true,
  gapOf: amplitudeGap,
  subjectOf(row) {
    refuseOtherDialect(row, "amplitude");
    const user = optionalObjectField(row, "user");
    if (user === undefined) return plainSubject(row);
    const { user_id: key, ...attributes } = user;
    return { key: typeof key === "string" ? key : "", attributes };
  },
};
