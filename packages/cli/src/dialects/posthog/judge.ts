import { optionalObjectField, stringField } from "../../evaluate/request.js";
import type { JudgeSupport } from "../../judge/flag-judge.js";
import { plainSubject } from "../../judge/subject-row.js";
import { refuseOtherDialect } from "../recognize.js";
import { posthogGap } from "./gap.js";
import { posthogRules } from "./rules.js";

/** What PostHog adds to the commands that evaluate subjects. */
export const posthogJudge: JudgeSupport = {
  ...posthogRules,
  answersHaveValues: false,
  // Experiments have the key of their flag.
  experiments: ({ flagKeys }) => ({
    names: flagKeys,
    flagsOf: (flag) => (flagKeys.has(flag) ? [{ flag, allocation: null, variations: [] }] : []),
  }),
  hasDependencies: true,
  gapOf: posthogGap,
  severalVariations: "$multiple",
  subjectOf(row) {
    refuseOtherDialect(row, "posthog");
    if (!Object.hasOwn(row, "distinctId")) return plainSubject(row);
    const { deviceId } = row;
    return {
      key: stringField(row, "distinctId"),
      // The attributes have the format of the native client.
      attributes: {
        ...optionalObjectField(row, "personProperties"),
        ...(typeof deviceId === "string" ? { $device_id: deviceId } : {}),
        $groups: optionalObjectField(row, "groups") ?? {},
        $group_properties: optionalObjectField(row, "groupProperties") ?? {},
      },
    };
  },
};
