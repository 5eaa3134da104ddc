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
  readonly ofColumns: (attributes: JsonObject, key: string) => JsonObject;
  /** The attributes that rules compare with values of several types or with strings, so that the type of a CSV cell matters. */
  readonly untyped: ReadonlySet<string>;
}

/** Leaves all attributes unchanged. */
export const UNCHANGED: AttributeReading = {
  types: new Map(),
  ofColumns: (attributes) => attributes,
  untyped: new Set(),
};

/**
 * Returns the conversions for the rules of these configurations.
 *
 * @param nameOf - the name of a rule's attribute in the table. Default: the same name.
 */
export function attributeReadingOf(
  { comparisons, ofColumns = UNCHANGED.ofColumns }: JudgeSupport,
  configurations: readonly Configuration[],
  map: ColumnMap | null,
  nameOf: (attribute: string) => string = (attribute) => attribute,
): AttributeReading {
  const compared = configurations.map(
    (it) => new Map([...(comparisons?.(it) ?? [])].map(([name, kinds]) => [nameOf(name), kinds])),
  );
  const types = comparedTypes(compared, map?.typedAttributes ?? []);
  const untyped = new Set(
    (map?.untypedAttributes ?? []).filter(
      (it) => !types.has(it) && compared.some((kinds) => kinds.has(it)),
    ),
  );
  return { types, ofColumns, untyped };
}

/**
 * Converts the attributes of a row of a table. Attributes that are `null` are missing, and strings may have lost their type.
 *
 * @param seen - records the converted attributes.
 */
export function tableAttributes(
  attributes: JsonObject,
  key: string,
  { ofColumns, types }: AttributeReading,
  seen: SeenColumns,
): JsonObject {
  const given = ofColumns(withoutNulls(attributes), key);
  if (types.size === 0) return given;
  return withComparedTypes(given, types, (name, type) => seen.noteConverted(name, type));
}
