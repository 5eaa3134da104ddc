import { launchdarklyExplainer } from "@sortition/launchdarkly/explain";
import { isJsonObject, type JsonObject } from "../../evaluate/request.js";
import type { JudgedSubject, JudgeSupport } from "../../judge/flag-judge.js";
import { plainSubject } from "../../judge/subject-row.js";
import { experimentsByAllocation } from "../eppo/experiments.js";
import { refuseOtherDialect } from "../recognize.js";
import { contextOfColumns } from "./context-of-columns.js";

/** What LaunchDarkly adds to the commands that evaluate subjects. */
export const launchdarklyJudge: JudgeSupport = {
  // A subject without a kind is a user, and its key may be outside of the attributes.
  keyAttributes: ["kind", "key", "targetingKey"],
  askedType: null,
  attributesOf: (attributes) => attributes,
  ofColumns: contextOfColumns,
  answersHaveValues: true,
  experiments: experimentsByAllocation(launchdarklyExplainer, true),
  hasDependencies: true,
  subjectOf(row) {
    const { context } = row;
    if (isJsonObject(context)) return subjectOfContext(context);
    refuseOtherDialect(row, "launchdarkly");
    return plainSubject(row);
  },
};

/** Returns the subject of a context, whose attributes have the format of the native client. */
function subjectOfContext(context: JsonObject): JudgedSubject {
  const { kind = null, key, ...attributes } = context;
  if (kind === null) {
    const { custom, ...others } = attributes;
    return { key: String(key), attributes: { ...(isJsonObject(custom) ? custom : {}), ...others } };
  }
  if (kind !== "multi") return { key: String(key), attributes: context };
  const user = attributes["user"];
  const [first] = Object.values(attributes);
  const named = isJsonObject(user) ? user : isJsonObject(first) ? first : {};
  return { key: String(named["key"]), attributes: context };
}
