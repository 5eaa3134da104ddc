import type { FlagQuestion } from "@sortition/core/dialect";
import { UsageError } from "../errors.js";
import { readJson } from "../json-option.js";
import type { DialectOption, ExplainSupport } from "./dialect.js";

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

type RequestType = NonNullable<FlagQuestion["expectedType"]>;

/**
 * What a dialect whose requests need no type adds to `sortition explain`: types and default values.
 *
 * @param isTyped - whether requests of `sortition evaluate` have these, too.
 */
export function typedExplain(types: readonly RequestType[], isTyped: boolean): ExplainSupport {
  return {
    requestOf({ attributes, flag, option, subjectKey }) {
      const given = option("type");
      const type = given === undefined ? null : readType(types, given);
      const defaultValue = readJson("--default", option("default") ?? "null", '"standard"');
      const subject = { flag, subjectKey, subjectAttributes: attributes };
      const typed = { default: defaultValue, ...(type === null ? {} : { type }) };
      const asked = { defaultValue, ...(type === null ? {} : { expectedType: type }) };
      return { request: isTyped ? { ...subject, ...typed } : subject, type, asked };
    },
  };
}
