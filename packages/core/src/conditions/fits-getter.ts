import type { ValueType } from "../model/flag.js";

/** Whether a getter of this type may return the value. */
export function fitsGetter(value: unknown, type: ValueType): boolean {
  switch (type) {
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return Number.isSafeInteger(value);
    case "numeric":
      return Number.isFinite(value);
    case "string":
      return typeof value === "string";
    case "json":
      return isJson(value);
  }
}

/** Whether JSON can express the value. Members of objects and lists are not checked. */
function isJson(value: unknown): boolean {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value);
    case "string":
    case "boolean":
    case "object":
      return true;
    default:
      return false;
  }
}
