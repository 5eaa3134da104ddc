import type { Configuration } from "@sortition/core";
import { withoutNulls } from "../evaluate/object-cell.js";
import type { JsonObject } from "../evaluate/request.js";
import type { JudgeSupport } from "../judge/flag-judge.js";
import { type ComparedType, withComparedTypes } from "./attribute-type.js";
import type { ColumnMap } from "./column-map.js";
import { comparedTypes } from "./compared-types.js";
import type { SeenColumns } from "./seen-columns.js";

/** How to convert attributes of a table for the rules of a configuration. */
export interface AttributeReading {
  /** The type that all rules compare each attribute with. In a table, its values may be strings. */
  readonly types: ReadonlyMap<string, ComparedType>;
  /** See `JudgeRules.ofColumns`. */
  readonly ofColumns: (attributes: JsonObject) => JsonObject;
}

/** Leaves all attributes unchanged. */
export const UNCHANGED: AttributeReading = {
  types: new Map(),
  ofColumns: (attributes) => attributes,
};

/** Returns the conversions for the rules of these configurations. */
export function attributeReadingOf(
  { comparisons, ofColumns = UNCHANGED.ofColumns }: JudgeSupport,
  configurations: readonly Configuration[],
  map: ColumnMap | null,
): AttributeReading {
  const compared = configurations.map((it) => comparisons?.(it) ?? new Map());
  return { types: comparedTypes(compared, map?.typedAttributes ?? []), ofColumns };
}

/**
 * Converts the attributes of a row of a table. Attributes that are `null` are missing, and strings may have lost their type.
 *
 * @param seen - records the converted attributes.
 */
export function tableAttributes(
  attributes: JsonObject,
  { ofColumns, types }: AttributeReading,
  seen: SeenColumns,
): JsonObject {
  const given = ofColumns(withoutNulls(attributes));
  if (types.size === 0) return given;
  return withComparedTypes(given, types, (name, type) => seen.noteConverted(name, type));
}
