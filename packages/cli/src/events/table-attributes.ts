import type { Configuration } from "@sortition/core";
import { withoutNulls } from "../evaluate/object-cell.js";
import type { JsonObject } from "../evaluate/request.js";
import type { JudgeSupport } from "../judge/flag-judge.js";
import { type ComparedType, withComparedTypes } from "./attribute-type.js";
import type { ColumnMap } from "./column-map.js";
import { comparedTypes } from "./compared-types.js";
import type { SeenColumns } from "./seen-columns.js";

/** How attributes of a table become those that a rule reads. */
export interface AttributeReading {
  /** Attributes may be strings in a table: the type that all rules compare with. */
  readonly types: ReadonlyMap<string, ComparedType>;
  /** See `JudgeRules.ofColumns`. */
  readonly ofColumns: (attributes: JsonObject) => JsonObject;
}

/** Attributes as the table has them. */
export const UNCHANGED: AttributeReading = {
  types: new Map(),
  ofColumns: (attributes) => attributes,
};

/** How the rules of these configurations read attributes of a table. */
export function attributeReadingOf(
  { comparisons, ofColumns = UNCHANGED.ofColumns }: JudgeSupport,
  configurations: readonly Configuration[],
  map: ColumnMap | null,
): AttributeReading {
  const compared = configurations.map((it) => comparisons?.(it) ?? new Map());
  return { types: comparedTypes(compared, map?.typedAttributes ?? []), ofColumns };
}

/**
 * The attributes of a row of a table: `null` is one that the subject does not have, and strings may have lost their type.
 *
 * @param seen - notes the ones that were converted.
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
