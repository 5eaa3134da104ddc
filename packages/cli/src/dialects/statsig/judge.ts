import { statsigExplainer } from "@sortition/statsig/explain";
import { isJsonObject, type JsonObject } from "../../evaluate/request.js";
import type { JudgedSubject, JudgeSupport } from "../../judge/flag-judge.js";
import { plainSubject } from "../../judge/subject-row.js";
import { experimentsByAllocation } from "../eppo/experiments.js";
import { refuseOtherDialect } from "../recognize.js";
import { statsigGap } from "./gap.js";

/** What one of Statsig's dialects adds to the commands that evaluate subjects. */
export function judgeOf(dialect: "statsig" | "statsig-legacy"): JudgeSupport {
  return {
    keyAttributes: ["userID", "customIDs", "custom", "privateAttributes", "statsigEnvironment"],
    askedType: null,
    attributesOf: (attributes) => attributes,
    answersHaveValues: true,
    experiments: experimentsByAllocation(statsigExplainer, true),
    hasDependencies: true,
    gapOf: statsigGap,
    subjectOf(row) {
      const { user } = row;
      if (isJsonObject(user)) return subjectOfUser(user);
      refuseOtherDialect(row, dialect);
      return plainSubject(row);
    },
  };
}

/** Returns the subject of a user, whose attributes have the format of the native client. */
function subjectOfUser({ userID, ...attributes }: JsonObject): JudgedSubject {
  return { key: String(userID ?? ""), attributes };
}
