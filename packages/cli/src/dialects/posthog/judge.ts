import type { ServedFlag } from "@sortition/posthog/dialect";
import { optionalObjectField, stringField } from "../../evaluate/request.js";
import type { JudgeSupport } from "../../judge/flag-judge.js";
import { plainSubject, refuseOtherDialect } from "../../judge/subject-row.js";
import { posthogExperiments } from "./experiments.js";
import { posthogRules } from "./rules.js";

/** What PostHog adds to the commands that evaluate subjects. */
export const posthogJudge: JudgeSupport = {
  ...posthogRules,
  answersHaveValues: false,
  experiments: posthogExperiments,
  hasDependencies: true,
  hashedBy(flag) {
    const { definition } = flag as Partial<ServedFlag>; // a flag of this dialect
    if (definition === undefined || definition === null) return "";
    const { exitsEarly, groupTypeIndex, hasContinuity, isByDevice } = definition;
    const isPlain = (groupTypeIndex ?? null) === null && !isByDevice;
    // Shares of persons are known where conditions follow each other, and every person is hashed.
    if (isPlain && (exitsEarly || hasContinuity)) return null;
    return isPlain ? "person" : `group ${String(groupTypeIndex)}, device ${isByDevice}`;
  },
  subjectOf(row) {
    refuseOtherDialect(row, "posthog");
    if (!Object.hasOwn(row, "distinctId")) return plainSubject(row);
    const { deviceId } = row;
    return {
      key: stringField(row, "distinctId"),
      // As the native client takes them.
      attributes: {
        ...optionalObjectField(row, "personProperties"),
        ...(typeof deviceId === "string" ? { $device_id: deviceId } : {}),
        $groups: optionalObjectField(row, "groups") ?? {},
        $group_properties: optionalObjectField(row, "groupProperties") ?? {},
      },
    };
  },
};
