import { UsageError } from "../errors.js";
import type { DialectOption } from "./dialect.js";

/** Returns the options of `sortition explain` for requests that have a type and a default. */
export function typedOptions(types: readonly string[], fallback: string): readonly DialectOption[] {
  return [
    {
      name: "type",
      value: "TYPE",
      help: [`the requested type: ${types.join(", ")}`, `(default: ${fallback})`],
      commands: ["explain"],
    },
    {
      name: "default",
      value: "JSON",
      help: ["the value to return if nothing is assigned (default: null)"],
      commands: ["explain"],
    },
  ];
}

/** @throws UsageError for another type. */
export function readType<Type extends string>(types: readonly Type[], given: string): Type {
  const type = types.find((it) => it === given);
  if (type !== undefined) return type;
  const expected = `one of ${types.join(", ")}`;
  throw new UsageError(`--type: expected ${expected}, got ${JSON.stringify(given)}`);
}
