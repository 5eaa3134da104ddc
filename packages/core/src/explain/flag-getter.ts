import { fitsGetter } from "../conditions/fits-getter.js";
import type { ValueType } from "../model/flag.js";

/** A typed getter that has values for a flag. */
export interface FlagGetter {
  readonly type: ValueType;
  /** The distinct values that it returns for the flag's variations. JSON is parsed. */
  readonly values: readonly unknown[];
  /** The subset of `values` that the allocations assign to subjects. */
  readonly assigned: readonly unknown[];
  /**
   * Whether the payload proves that every subject gets one of `assigned`, provided that the subject has a key that its
   * attributes do not replace.
   */
  readonly isForAll: boolean;
}

/** A variation of a flag, as getters return it. */
export interface FlagOutcome {
  /** Whether the allocations assign it to subjects. */
  readonly isAssigned: boolean;
  /** Returns the value for a type of getter. `undefined`: the getter returns its default. */
  value(type: ValueType): unknown;
}

const VALUE_TYPES: readonly ValueType[] = ["boolean", "string", "integer", "numeric", "json"];

/**
 * Returns the getters that have a value in one of the outcomes.
 *
 * @param isForAll - whether every subject gets one of the assigned outcomes.
 */
export function gettersFrom(
  outcomes: readonly FlagOutcome[],
  isForAll: boolean,
): readonly FlagGetter[] {
  return VALUE_TYPES.flatMap((type) => {
    const values = new Map<unknown, unknown>();
    const assigned = new Map<unknown, unknown>();
    let hasDefault = false;
    for (const outcome of outcomes) {
      const value = outcome.value(type);
      if (value !== undefined && fitsGetter(value, type)) {
        const identity = identityOf(value);
        values.set(identity, value);
        if (outcome.isAssigned) assigned.set(identity, value);
      } else if (outcome.isAssigned) hasDefault = true;
    }
    if (values.size === 0) return [];
    return [
      {
        type,
        values: [...values.values()],
        assigned: [...assigned.values()],
        isForAll: isForAll && !hasDefault && assigned.size > 0,
      },
    ];
  });
}

/** Returns the JSON text of a value. A value that is nested too deeply for the stack is only equal to itself. */
function identityOf(value: unknown): unknown {
  try {
    return JSON.stringify(value);
  } catch {
    return value;
  }
}
