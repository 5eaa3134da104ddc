import { isRoundedInteger, parseExactly, tooLarge } from "../evaluate/exact-json.js";
import { type JsonObject, unexpected } from "../evaluate/request.js";
import { booleanIn, numberIn } from "./lost-types.js";

/** The types in `--map attributes.NAME:TYPE=COLUMN`. */
export const ATTRIBUTE_TYPES = ["string", "number", "boolean", "json"] as const;

/** One of {@link ATTRIBUTE_TYPES}. */
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];

const TRUE = /^(?:true|t|yes|1)$/i;
const FALSE = /^(?:false|f|no|0)$/i;

/**
 * Converts a cell to the given type.
 *
 * @returns `null` for an empty cell, unless the type is `string`.
 * @throws RequestError that names the column.
 */
export function cellAs(type: AttributeType, cell: unknown, column: string): unknown {
  if (cell === null || (cell === "" && type !== "string")) return null;
  if (type === "number" && isRoundedInteger(String(cell).trim())) {
    throw tooLarge(`column ${JSON.stringify(column)}`);
  }
  const value = CONVERSIONS[type](cell);
  if (value !== undefined) return value;
  throw unexpected(`column ${JSON.stringify(column)}`, EXPECTED[type], cell);
}

const EXPECTED: Readonly<Record<AttributeType, string>> = {
  string: "a string, a number or a boolean",
  number: "a number",
  boolean: "a boolean (true, false, t, f, yes, no, 1 or 0)",
  json: "JSON",
};

/** Converts a cell; returns `undefined` if the cell does not have the type. */
const CONVERSIONS: Readonly<Record<AttributeType, (cell: unknown) => unknown>> = {
  string: (cell) => (typeof cell === "object" ? undefined : String(cell)),
  number(cell) {
    if (typeof cell === "number") return cell;
    const number = typeof cell === "string" && cell.trim() !== "" ? Number(cell) : Number.NaN;
    return Number.isFinite(number) ? number : undefined;
  },
  boolean(cell) {
    const text = String(cell);
    return TRUE.test(text) ? true : FALSE.test(text) ? false : undefined;
  },
  json(cell) {
    if (typeof cell !== "string") return cell;
    try {
      return parseExactly(cell);
    } catch {
      return undefined;
    }
  },
};

/** A type that rules compare an attribute with and that tables may store as strings. */
export type ComparedType = "number" | "boolean";

/**
 * Converts attributes from a table, whose cells may have lost their types, to the types that rules compare with.
 *
 * @param types - types by the path of the attribute.
 * @param note - called for each converted attribute.
 */
export function withComparedTypes(
  attributes: JsonObject,
  types: ReadonlyMap<string, ComparedType>,
  note: (attribute: string, type: ComparedType) => void,
): JsonObject {
  let converted = attributes;
  for (const [path, type] of types) {
    const change = (cell: string): unknown => {
      const value = type === "number" ? numberIn(cell) : booleanIn(cell);
      if (value !== null) note(path, type);
      return value ?? cell;
    };
    converted = changedAt(converted, path.split("."), change);
  }
  return converted;
}

function changedAt(
  object: JsonObject,
  [name = "", ...rest]: readonly string[],
  change: (cell: string) => unknown,
): JsonObject {
  if (!Object.hasOwn(object, name)) return object;
  const value = object[name];
  if (typeof value === "string" && rest.length === 0) return { ...object, [name]: change(value) };
  if (rest.length === 0 || typeof value !== "object" || value === null || Array.isArray(value)) {
    return object;
  }
  return { ...object, [name]: changedAt(value as JsonObject, rest, change) };
}
