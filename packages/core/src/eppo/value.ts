import type { ValueType } from "../model/flag.js";

/** The vendor's names of types. */
const VALUE_TYPES: ReadonlyMap<unknown, ValueType> = /* @__PURE__ */ new Map<unknown, ValueType>([
  ["BOOLEAN", "boolean"],
  ["INTEGER", "integer"],
  ["NUMERIC", "numeric"],
  ["STRING", "string"],
  ["JSON", "json"],
]);

/** The vendor's name of the type of a getter; `null`: a call that accepts any type. */
export function variationTypeOf(type: ValueType | null): string {
  return type === null ? "ANY" : type.toUpperCase();
}

/** The type that a flag declares; `unknown` if it is not one of the five. */
export function valueTypeOf(variationType: unknown): ValueType | "unknown" {
  return VALUE_TYPES.get(variationType) ?? "unknown";
}

/** Whether a variation's value has the type that its flag declares. JSON values are strings. */
export function isOfType(value: unknown, type: ValueType): boolean {
  switch (type) {
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return Number.isInteger(value);
    case "numeric":
      return typeof value === "number";
    case "string":
    case "json":
      return typeof value === "string";
  }
}
