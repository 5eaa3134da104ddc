import { isJsonObject, type JsonObject } from "../../evaluate/request.js";
import { lackingCohort } from "../../judge/lacking-cohort.js";
import {
  objectOf,
  objectsIn,
  type ReducedPayload,
  type ReductionInput,
  refusal,
  withDependencies,
} from "../reduction.js";

export function reducePosthog({ asked, root: file }: ReductionInput): ReducedPayload {
  const root = objectOf(file);
  const list: readonly unknown[] = Array.isArray(root["flags"]) ? root["flags"] : [];
  const all = new Map(
    list.flatMap((it) => (isJsonObject(it) ? [[String(it["key"]), it] as const] : [])),
  );
  const flags = withDependencies(all, asked, dependenciesOf);
  const cohorts = isJsonObject(root["cohorts"]) ? root["cohorts"] : {};
  const used = new Map<string, unknown>();
  for (const [key, { filters }] of flags) {
    const conditions = isJsonObject(filters) ? filters["groups"] : null;
    collectCohorts(key, conditions, cohorts, used);
  }
  return {
    parts: {
      flags: { ...root, flags: [...flags.values()], cohorts: Object.fromEntries(used) },
    },
    flags,
  };
}

function dependenciesOf(flag: unknown): readonly string[] {
  return [...objectsIn(flag)].flatMap(({ dependency_chain: chain, key, type }) =>
    type === "flag" ? [String(key), ...(Array.isArray(chain) ? chain.map(String) : [])] : [],
  );
}

/** @throws UsageError for a cohort that the file lacks. */
function collectCohorts(
  key: string,
  conditions: unknown,
  cohorts: JsonObject,
  used: Map<string, unknown>,
): void {
  for (const { type, value } of objectsIn(conditions)) {
    const id = String(value);
    if (type !== "cohort" || used.has(id)) continue;
    if (!Object.hasOwn(cohorts, id)) {
      throw refusal(key, lackingCohort(id));
    }
    used.set(id, cohorts[id]);
    collectCohorts(key, cohorts[id], cohorts, used);
  }
}
