import { amplitude, cohortPart, isAmplitudeConfiguration } from "@sortition/amplitude/dialect";
import { Configuration } from "@sortition/core";
import { isJsonObject } from "../../evaluate/request.js";
import { lackingCohort } from "../../judge/lacking-cohort.js";
import {
  type ReducedPayload,
  type ReductionInput,
  refusal,
  withDependencies,
} from "../reduction.js";

/**
 * Reduces an array of flags, or `{ "flags": […], "cohorts": […] }`.
 *
 * @throws UsageError for a cohort that the file lacks.
 */
export function reduceAmplitude({ asked, root }: ReductionInput): ReducedPayload {
  const file = isJsonObject(root) ? root : { flags: root };
  const flags = withDependencies(keyed(file["flags"], "key"), asked, dependenciesOf);
  const cohorts = keyed(file["cohorts"], "cohortId");
  const used = [...new Set([...flags].flatMap(([key, flag]) => cohortsOf(key, flag, cohorts)))];
  return {
    parts: {
      flags: [...flags.values()],
      ...Object.fromEntries(used.map((id) => [cohortPart(id), cohorts.get(id)])),
    },
    flags,
  };
}

/** Indexes a list by key. If a key repeats, the last member wins. */
function keyed(list: unknown, member: string): ReadonlyMap<string, unknown> {
  const members: readonly unknown[] = Array.isArray(list) ? list : [];
  return new Map(
    members.flatMap((it) => (isJsonObject(it) ? [[String(it[member]), it] as const] : [])),
  );
}

function dependenciesOf(flag: unknown): readonly string[] {
  const dependencies = isJsonObject(flag) ? flag["dependencies"] : [];
  return Array.isArray(dependencies) ? dependencies.map(String) : [];
}

/** @throws UsageError for a cohort that the file lacks. */
function cohortsOf(
  key: string,
  flag: unknown,
  cohorts: ReadonlyMap<string, unknown>,
): readonly string[] {
  const configuration = Configuration.from({
    dialect: amplitude(),
    payloads: { flags: JSON.stringify([flag]) },
  });
  if (!isAmplitudeConfiguration(configuration)) return [];
  const ids = [...configuration.references.values()].flatMap((them) => [...them]);
  const missing = ids.find((id) => !cohorts.has(id));
  if (missing === undefined) return ids;
  throw refusal(key, lackingCohort(missing));
}
