import type { FlagGetter } from "@sortition/core/dialect";
import { jsonType } from "@sortition/core/dialect-internal";

const MAX_STRINGS = 24;
const MAX_NUMBERS = 12;

/** Returns the type of a flag in one line, e.g. `{ string: "fast" | "standard"; default?: string }`. */
export function flagType(getters: readonly FlagGetter[]): string {
  const members = getters.map((getter) => `${getter.type}: ${valueType(getter)}`);
  const further = new Set(
    getters.flatMap((getter) => {
      const type = furtherDefault(getter);
      return type === null ? [] : [type];
    }),
  );
  if (further.size > 0) members.push(`default?: ${[...further].sort().join(" | ")}`);
  return `{ ${members.join("; ")} }`;
}

/** The type of the values of a getter. */
function valueType({ type, values }: FlagGetter): string {
  switch (type) {
    case "boolean":
      return values.length > 1 ? "boolean" : String(values[0]);
    case "string":
      return values.length > MAX_STRINGS
        ? "string"
        : (values as readonly string[])
            .toSorted()
            .map((it) => JSON.stringify(it))
            .join(" | ");
    case "integer":
    case "numeric":
      return values.length > MAX_NUMBERS
        ? "number"
        : (values as readonly number[]).toSorted((a, b) => a - b).join(" | ");
    case "json":
      return jsonType(values);
  }
}

/**
 * Returns a further type for the default value; `null` if every subject gets a value, or the type already allows any
 * default.
 */
function furtherDefault(getter: FlagGetter): string | null {
  const own = valueType(getter);
  // A boolean always allows both defaults, because nearly all code passes `false`.
  if (getter.isForAll && getter.type !== "boolean") return null;
  switch (getter.type) {
    case "boolean":
    case "string":
      return own === getter.type ? null : getter.type;
    case "integer":
    case "numeric":
      return own === "number" ? null : "number";
    case "json":
      return own === "unknown" || own === "null" || own.endsWith(" | null") ? null : "null";
  }
}
