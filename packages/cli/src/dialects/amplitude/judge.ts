import { amplitudeExplainer } from "@sortition/amplitude/explain";
import type { Configuration } from "@sortition/core";
import { isJsonObject, optionalObjectField } from "../../evaluate/request.js";
import type { JudgeSupport } from "../../judge/flag-judge.js";
import { plainSubject, refuseOtherDialect } from "../../judge/subject-row.js";
import { amplitudeExperiments } from "./experiments.js";
import { amplitudeGap } from "./gap.js";
import { amplitudeReads } from "./reads.js";
import { amplitudeRules } from "./rules.js";
import { wireOf } from "./wire.js";

/** The path that a segment hashes; `undefined` if it does not split. */
function selectorOf(flagKey: string, configuration: Configuration, segmentName: string): unknown {
  const { segments } = wireOf(configuration, flagKey);
  const own = (Array.isArray(segments) ? (segments as readonly unknown[]) : []).find((segment) => {
    const metadata = isJsonObject(segment) ? segment["metadata"] : null;
    return isJsonObject(metadata) && metadata["segmentName"] === segmentName;
  });
  const bucket = isJsonObject(own) ? own["bucket"] : null;
  return isJsonObject(bucket) ? bucket["selector"] : undefined;
}

/** What Amplitude adds to the commands that evaluate subjects. */
export const amplitudeJudge: JudgeSupport = {
  ...amplitudeRules,
  answersHaveValues: false,
  experiments: amplitudeExperiments,
  hasDependencies: true,
  readsOf: amplitudeReads,
  gapOf: amplitudeGap,
  unitsOf(flag, configuration, allocation) {
    const selector =
      (allocation === null ? undefined : selectorOf(flag.key, configuration, allocation)) ??
      JSON.parse(amplitudeExplainer.hashedBy(configuration, flag) || "[]");
    const [, , ...path] = selector as readonly string[]; // from the payload; skips "context" and "user"
    const name = path[0] === "user_properties" ? path[1] : path[0];
    return name === undefined || name === "user_id" ? null : [name];
  },
  subjectOf(row) {
    refuseOtherDialect(row, "amplitude");
    const user = optionalObjectField(row, "user");
    if (user === undefined) return plainSubject(row);
    const { user_id: key, ...attributes } = user;
    return { key: typeof key === "string" ? key : "", attributes };
  },
};
