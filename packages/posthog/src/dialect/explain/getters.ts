import { type FlagGetter, gettersFrom, type ValueType } from "@sortition/core/dialect";
import type { Condition } from "../condition/condition.js";
import type { FlagValue } from "../evaluation/outcome.js";
import { valueOfKey } from "../flag.js";
import type { FlagDefinition } from "../flag-wire.js";
import type { ServedFlag } from "../served-flag.js";

/**
 * Returns the getters that have values for a flag: boolean (on or off), string (the key of the variant), and JSON or a
 * number (the payload).
 */
export function gettersOfFlag(flag: ServedFlag): readonly FlagGetter[] {
  const { definition } = flag;
  if (definition === null || definition.variants === null) return [];
  const { assigned, isForAll } = assignedBy(definition);
  const values = new Set<FlagValue>([...valuesOf(definition), ...assigned, true, false]);
  const outcomes = [...values].map((value) => ({
    isAssigned: assigned.has(value),
    value: (type: ValueType) => valueFor(type, value, flag),
  }));
  return gettersFrom(outcomes, isForAll);
}

function valueFor(type: ValueType, value: FlagValue, flag: ServedFlag): unknown {
  if (type === "boolean") return value !== false;
  if (type === "string") return typeof value === "string" ? value : undefined;
  return value === false ? undefined : flag.payloadOf(value);
}

function valuesOf({ holdout, variants }: FlagDefinition): readonly FlagValue[] {
  const keys = (variants ?? []).map(({ key }) => valueOfKey(key));
  return holdout === null ? keys : [...keys, valueOfKey(holdout.variant)];
}

interface Assigned {
  readonly assigned: ReadonlySet<FlagValue>;
  /** Whether every subject gets one of these values. */
  readonly isForAll: boolean;
}

function assignedBy(definition: FlagDefinition): Assigned {
  const { conditions, exitsEarly, groupTypeIndex, holdout, isActive, isByDevice } = definition;
  const assigned = new Set<FlagValue>();
  if (!isActive) return { assigned: assigned.add(false), isForAll: true };
  if (holdout !== null && holdout.share > 0) assigned.add(valueOfKey(holdout.variant));
  if (holdout?.share === 1) return { assigned, isForAll: isDecidedByKey(definition) };
  // The server, a group or a device may decide, or the definition is malformed.
  let canFail = !isDecidedByKey(definition) || conditions === null;
  let hasFilters = false;
  if (groupTypeIndex !== undefined && groupTypeIndex !== null && !isByDevice) assigned.add(false);
  for (const condition of conditions ?? []) {
    if (condition === null || condition.filters === null) {
      canFail = true;
      continue;
    }
    const share = condition.share ?? 1;
    for (const value of valuesOfCondition(definition, condition)) assigned.add(value);
    const isMixed = (condition.groupTypeIndex ?? null) !== null;
    if (condition.filters.length === 0 && !isMixed && share >= 1) {
      return { assigned, isForAll: !canFail };
    }
    if (exitsEarly && share < 1) assigned.add(false);
    hasFilters ||= condition.filters.length > 0;
    canFail ||= isMixed || !condition.filters.every(isDecidable);
  }
  // If the subject lacks a filter's property, the flag is undecided.
  return { assigned: assigned.add(false), isForAll: !canFail && !hasFilters };
}

/** Whether a person's key is enough to evaluate the conditions, without a group, a device or the server. */
function isDecidedByKey(definition: FlagDefinition): boolean {
  const { groupTypeIndex, hasContinuity, isByDevice, isUnsupported } = definition;
  return (groupTypeIndex ?? null) === null && !isByDevice && !hasContinuity && !isUnsupported;
}

/** Returns whether later conditions are still tried if this filter cannot be decided. */
function isDecidable(filter: NonNullable<Condition["filters"]>[number]): boolean {
  const wire = filter?.wire;
  if (typeof wire !== "object" || wire === null) return false;
  const { operator, type } = wire as Record<string, unknown>;
  const name = operator ?? "exact";
  return type === "person" && typeof name === "string" && !name.includes("regex");
}

function valuesOfCondition(
  { variants }: FlagDefinition,
  { share, variant }: Condition,
): readonly FlagValue[] {
  if (share !== null && share < 0) return [];
  const all = variants ?? [];
  if (variant && all.some(({ key }) => key === variant)) return [valueOfKey(variant)];
  if (all.length === 0) return [true];
  let start = 0;
  const values: FlagValue[] = [];
  for (const { end, key } of all) {
    if (end > start) values.push(valueOfKey(key));
    start = end;
  }
  return start >= 1 ? values : [...values, true];
}
