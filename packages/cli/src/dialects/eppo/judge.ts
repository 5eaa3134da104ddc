import { eppoExplainer } from "@sortition/core/eppo";
import type { JudgeSupport } from "../../judge/flag-judge.js";
import { plainSubject } from "../../judge/subject-row.js";
import { refuseOtherDialect } from "../recognize.js";
import { eppoExperiments } from "./experiments.js";
import { eppoRules } from "./rules.js";

/** What Eppo adds to the commands that evaluate subjects. */
export const eppoJudge: JudgeSupport = {
  ...eppoRules,
  answersHaveValues: true,
  experiments: eppoExperiments,
  hasDependencies: false,
  modelGapOf(flagKey, banditKey, configuration) {
    const missing = eppoExplainer
      .describeBandits(configuration)
      .find(
        ({ behind, hasModel, key }) =>
          !hasModel &&
          (banditKey ?? key) === key &&
          behind.some((variation) => variation.flagKey === flagKey),
      );
    if (missing === undefined) return null;
    return configuration.bandits?.keys.size === 0
      ? "a bandit chooses the action, and its models are missing. Pass them with --bandits FILE"
      : `the --bandits file has no model ${JSON.stringify(missing.key)}`;
  },
  subjectOf(row) {
    refuseOtherDialect(row, "eppo");
    return plainSubject(row);
  },
};
