import type { Assigned } from "../../model/evaluation.js";
import type { Call } from "./call.js";

/** Quirk: `null` means the default value (eppo). If types are checked on the value, `null` is an ordinary value. */
export function acceptsNull({ flag, override }: Call<object>): boolean {
  return flag?.valueType === null && override === null;
}

/** Whether the caller gets its default although a variation was assigned. */
export function isAbsent({ json, value }: Assigned, call: Call<object>): boolean {
  const isNull = json === null ? value === null : json.trim() === "null";
  return (json === null && value === undefined) || (isNull && !acceptsNull(call));
}
