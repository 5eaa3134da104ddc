import { isJsonObject, optionalObjectField } from "../../evaluate/request.js";
import type { JudgeSupport } from "../../judge/flag-judge.js";
import { plainSubject, refuseOtherDialect } from "../../judge/subject-row.js";
import { amplitudeExperiments } from "./experiments.js";
import { amplitudeRules } from "./rules.js";
import { wireOf } from "./wire.js";

/** What Amplitude adds to the commands that evaluate subjects. */
export const amplitudeJudge: JudgeSupport = {
  ...amplitudeRules,
  answersHaveValues: false,
  experiments: amplitudeExperiments,
  hasDependencies: true,
  unitOf(flag, configuration) {
    const selector: unknown = JSON.parse(amplitudeJudge.hashedBy(flag, configuration) || "[]");
    const [, , ...path] = selector as readonly string[]; // of the payload; behind "context" and "user"
    const name = path[0] === "user_properties" ? path[1] : path[0];
    return name === undefined || name === "user_id" ? null : name;
  },
  hashedBy(flag, configuration) {
    const { key } = flag as { readonly key?: string }; // a compiled flag has its key
    const { segments } = wireOf(configuration, `${key}`);
    const received = Array.isArray(segments) ? (segments as readonly unknown[]) : [];
    const selectors = received.map((segment) => {
      const bucket = isJsonObject(segment) ? segment["bucket"] : undefined;
      return isJsonObject(bucket) ? JSON.stringify(bucket["selector"]) : "";
    });
    const [selector = "", ...others] = new Set(selectors.filter((it) => it !== ""));
    // Equal salts hash different members of the user to different shards.
    return others.length === 0 ? selector : null;
  },
  subjectOf(row) {
    refuseOtherDialect(row, "amplitude");
    const user = optionalObjectField(row, "user");
    if (user === undefined) return plainSubject(row);
    const { user_id: key, ...attributes } = user;
    return { key: typeof key === "string" ? key : "", attributes };
  },
};
