import type { Configuration } from "@sortition/core";
import { isJsonObject, type JsonObject } from "../../evaluate/request.js";
import { type Comparison, NOTHING_READ, type ReadsOf } from "../../judge/flag-reads.js";
import { posthogRules } from "./rules.js";

/** What a flag of PostHog reads. */
export const posthogReads: ReadsOf = (flagKey, configuration, allocations) => {
  const { cohorts, flags } = definitionsIn(configuration);
  const flag = flags.get(flagKey);
  if (flag === undefined) return NOTHING_READ;
  const filters = isJsonObject(flag["filters"]) ? flag["filters"] : {};
  const comparisons: Comparison[] = [];
  const others: string[] = [];
  const { groups } = filters;
  const conditions = Array.isArray(groups)
    ? groups.filter((_, i) => allocations?.has(`condition-${i}`) ?? true)
    : groups;
  for (const { key, type, value } of filtersIn(conditions, cohorts)) {
    if (type === "flag") others.push(String(key));
    else if (type !== "cohort") comparisons.push({ attribute: String(key), expected: value });
  }
  const attributes = comparisons.map(({ attribute }) => attribute);
  if (flag["bucketing_identifier"] === "device_id") attributes.push("$device_id");
  if (typeof filters["aggregation_group_type_index"] === "number") attributes.push("$groups");
  return {
    attributes: attributes.filter((it) => !posthogRules.keyAttributes.includes(it)),
    flags: others,
    comparisons,
  };
};

/** Flag definitions and cohorts in the format of the payload. */
interface Definitions {
  readonly flags: ReadonlyMap<string, JsonObject>;
  readonly cohorts: JsonObject;
}

const read = new WeakMap<Configuration, Definitions>();

/** The definitions of a configuration, parsed once. */
export function definitionsIn(configuration: Configuration): Definitions {
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
export function* filtersIn(
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
