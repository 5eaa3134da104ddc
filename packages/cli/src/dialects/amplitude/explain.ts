import { DependencyCycleError } from "@sortition/amplitude/dialect";
import { userOfSubject } from "@sortition/amplitude/explain";
import { valueText } from "@sortition/core/dialect";
import { isJsonObject } from "../../evaluate/request.js";
import type { ExplainSupport, InspectSupport } from "../dialect.js";

/** What Amplitude adds to `sortition explain`. */
export const amplitudeExplain: ExplainSupport = {
  requestOf: ({ attributes, flag, subjectKey }) => ({
    request: { user: userOfSubject(subjectKey, attributes), flagKeys: [flag] },
    type: null,
  }),
  valueText({ variants }) {
    const [variant] = isJsonObject(variants) ? Object.values(variants) : [];
    if (!isJsonObject(variant)) return "no variant";
    return valueText(variant["value"] ?? variant["key"]);
  },
  extrasOf({ answer }) {
    const isCycle = answer.kind === "throws" && answer.error instanceof DependencyCycleError;
    return isCycle
      ? { fields: { cycle: answer.error.cycle }, paragraphs: [] }
      : { fields: {}, paragraphs: [] };
  },
};

/** What Amplitude adds to `sortition inspect`. */
export const amplitudeInspect: InspectSupport = {
  extrasOf({ payloads }) {
    const cohorts = payloads.filter(({ part }) => part.startsWith("cohort:")).length;
    if (cohorts === 0) return { summary: [], fields: {}, paragraphs: [] };
    const summary = [`${cohorts} ${cohorts === 1 ? "cohort" : "cohorts"}`];
    return { summary, fields: { cohorts }, paragraphs: [] };
  },
};
