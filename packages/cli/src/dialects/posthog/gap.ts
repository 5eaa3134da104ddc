import type { Configuration } from "@sortition/core";
import { posthogExplainer } from "@sortition/posthog/explain";
import { isJsonObject, type JsonObject } from "../../evaluate/request.js";
import type { FlagGap } from "../../judge/flag-judge.js";
import { type ReadingDialect, readsOfAll } from "../../judge/flag-reads.js";
import { lackingCohort } from "../../judge/lacking-cohort.js";
import { posthogRules } from "./rules.js";

const DIALECT: ReadingDialect = { explainer: posthogExplainer, judge: posthogRules };
const CONTINUITY = "the server decides flags with experience continuity";

/** Returns data of a flag or its dependencies that only PostHog's server has; `null` if there is none. */
export function posthogGap(flagKey: string, configuration: Configuration): FlagGap | null {
  const { cohorts, flags } = definitionsIn(configuration);
  for (const key of readsOfAll(flagKey, configuration, DIALECT).flags) {
    const flag = flags.get(key);
    if (flag === undefined) continue;
    // Whether continuity matters for a subject is found out by the evaluation.
    if (flag["ensure_experience_continuity"]) return { problem: CONTINUITY, completed: [] };
    const conditions = isJsonObject(flag["filters"]) ? flag["filters"]["groups"] : null;
    for (const { type, value } of filtersIn(conditions, cohorts)) {
      if (type !== "cohort" || Object.hasOwn(cohorts, String(value))) continue;
      return { problem: lackingCohort(String(value)), completed: [] };
    }
  }
  return null;
}

/** Flag definitions and cohorts in the format of the payload. */
interface Definitions {
  readonly flags: ReadonlyMap<string, JsonObject>;
  readonly cohorts: JsonObject;
}

const read = new WeakMap<Configuration, Definitions>();

/** The definitions of a configuration, parsed once. */
function definitionsIn(configuration: Configuration): Definitions {
  const known = read.get(configuration);
  if (known !== undefined) return known;
  const { bytes } = configuration.payloads[0] ?? { bytes: new Uint8Array() };
  const root: unknown = JSON.parse(new TextDecoder().decode(bytes));
  const { cohorts, flags } = isJsonObject(root) ? root : {};
  const list: readonly unknown[] = Array.isArray(flags) ? flags : [];
  const definitions = {
    flags: new Map(list.filter(isJsonObject).map((flag) => [String(flag["key"]), flag])),
    cohorts: isJsonObject(cohorts) ? cohorts : {},
  };
  read.set(configuration, definitions);
  return definitions;
}

/** Yields the filters of conditions, and recursively the filters of the cohorts that they name. */
function* filtersIn(
  conditions: unknown,
  cohorts: JsonObject,
  seen: Set<string> = new Set(),
): Generator<JsonObject, void> {
  if (Array.isArray(conditions)) {
    for (const it of conditions) yield* filtersIn(it, cohorts, seen);
  }
  if (!isJsonObject(conditions)) return;
  const { properties, type, value, values } = conditions;
  if (Object.hasOwn(conditions, "key")) {
    yield conditions;
    const id = String(value);
    if (type !== "cohort" || seen.has(id)) return;
    seen.add(id);
    yield* filtersIn(cohorts[id], cohorts, seen);
    return;
  }
  yield* filtersIn(properties, cohorts, seen);
  yield* filtersIn(values, cohorts, seen);
}
