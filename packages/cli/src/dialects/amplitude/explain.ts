import {
  DependencyCycleError,
  type ExperimentUser,
  USER_FIELDS,
} from "@sortition/amplitude/dialect";
import { valueText } from "@sortition/core/dialect";
import { isJsonObject, type JsonObject } from "../../evaluate/request.js";
import type { ExplainSupport, InspectSupport } from "../dialect.js";

/** What Amplitude adds to `sortition explain`. */
export const amplitudeExplain: ExplainSupport = {
  requestOf: ({ attributes, flag, subjectKey }) => ({
    request: { user: userOf(subjectKey, attributes), flagKeys: [flag] },
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

/** Attributes that have the name of a member of the user are that member; the others are properties. */
function userOf(subjectKey: string, attributes: JsonObject): ExperimentUser {
  const members: [string, unknown][] = [["user_id", subjectKey]];
  const properties: [string, unknown][] = [];
  for (const [name, value] of Object.entries(attributes)) {
    (USER_FIELDS.has(name) ? members : properties).push([name, value]);
  }
  const given = attributes["user_properties"];
  const all = Object.fromEntries([
    ...(isJsonObject(given) ? Object.entries(given) : []),
    ...properties,
  ]);
  return Object.fromEntries([...members, ["user_properties", all]]);
}
