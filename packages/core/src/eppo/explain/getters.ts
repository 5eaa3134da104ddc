import type { Decoded } from "../../conditions/decode.js";
import { soundOf } from "../../conditions/how.js";
import { DecodeError } from "../../errors/errors.js";
import { assignedVariations } from "../../explain/assigned-variations.js";
import { type FlagGetter, gettersFrom } from "../../explain/flag-getter.js";
import type { ValueType } from "../../model/flag.js";
import { isOfType, valueTypeOf } from "../value.js";
import type { FlagWire } from "../wire.js";
import { describeFlag } from "./describe.js";

/** Returns the getters of a flag. An Eppo flag only has the getter of its declared type. */
export function gettersOfFlag(
  wire: Decoded<FlagWire>,
  nowMs: number | null,
): readonly FlagGetter[] {
  if (wire instanceof DecodeError || wire.variations instanceof DecodeError) return [];
  const declared = valueTypeOf(wire.variationType);
  const { allocations } = describeFlag(wire.key, wire, false);
  const { isForAll, keys } = assignedVariations(allocations, nowMs);
  const outcomes = [...wire.variations].map(([key, variation]) => ({
    isAssigned: wire.isEnabled && keys.has(key),
    value: (type: ValueType) =>
      type === declared && !(variation instanceof DecodeError) && isOfType(variation.value, type)
        ? readValue(variation.value, type)
        : undefined,
  }));
  const isKnown = [...keys].every((key) => (wire.variations as Map<string, unknown>).has(key));
  return gettersFrom(outcomes, wire.isEnabled && isForAll && isKnown && !canThrow(wire));
}

/** Whether a window or a pattern is malformed, so that the flag fails when it is reached. Other malformed parts are problems of the description. */
function canThrow({ allocations }: FlagWire): boolean {
  return allocations.some(({ endAtMs, rules, startAtMs }) => {
    if (startAtMs instanceof DecodeError || endAtMs instanceof DecodeError) return true;
    const conditions = soundOf(rules).flatMap((it) => soundOf(it.conditions));
    return conditions.some((it) => hasBadPattern(it.operator, it.value));
  });
}

function hasBadPattern(operator: unknown, value: unknown): boolean {
  if (operator !== "MATCHES" && operator !== "NOT_MATCHES") return false;
  try {
    new RegExp(value as string);
    return false;
  } catch {
    return true;
  }
}

function readValue(value: unknown, type: string): unknown {
  if (type !== "json") return value;
  try {
    return JSON.parse(value as string); // the type was checked
  } catch {
    return undefined;
  }
}
