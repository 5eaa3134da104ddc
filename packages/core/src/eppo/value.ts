import type { ValueType } from "../model/flag.js";

/** The vendor's names of types. */
const VALUE_TYPES: ReadonlyMap<unknown, ValueType> = /* @__PURE__ */ new Map<unknown, ValueType>([
  ["BOOLEAN", "boolean"],
  ["INTEGER", "integer"],
  ["NUMERIC", "numeric"],
  ["STRING", "string"],
  ["JSON", "json"],
]);

/** Returns the vendor's name for the type of a getter. `null`: the call accepts any type. */
export function variationTypeOf(type: ValueType | null): string {
  switch (type) {
    case null:
      return "ANY";
    // Written out, because `toUpperCase` takes longer than the evaluation of a flag of another type.
    case "boolean":
      return "BOOLEAN";
    case "integer":
      return "INTEGER";
    case "numeric":
      return "NUMERIC";
    case "string":
      return "STRING";
    case "json":
      return "JSON";
    default:
      return (type as string).toUpperCase(); // the drop-in also passes unknown types
  }
}

/** Returns the type that a flag declares, or `unknown` if it is not one of the five. */
export function valueTypeOf(variationType: unknown): ValueType | "unknown" {
  return VALUE_TYPES.get(variationType) ?? "unknown";
}

/** Converts a string from a payload to a value of the type. JSON stays a string. */
export function valueOfText(text: string, type: ValueType | "unknown"): unknown {
  if (type === "integer" || type === "numeric") return Number(text);
  return type === "boolean" ? text === "true" : text;
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
