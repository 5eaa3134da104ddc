import { UsageError } from "../../errors.js";
import { readJson } from "../../json-option.js";
import type { DialectOption, ExplainSupport } from "../dialect.js";
import { REQUEST_TYPES } from "./request.js";

/** Options of `sortition explain` that Datadog's requests need. */
export const EXPLAIN_OPTIONS: readonly DialectOption[] = [
  {
    name: "type",
    value: "TYPE",
    help: [`the requested type: ${REQUEST_TYPES.join(", ")}`, "(default: the flag's type)"],
    commands: ["explain"],
  },
  {
    name: "default",
    value: "JSON",
    help: ["the value to return if nothing is assigned (default: null)"],
    commands: ["explain"],
  },
];

/** What Datadog adds to `sortition explain`: types. */
export const datadogExplain: ExplainSupport = {
  requestOf({ attributes, flag, option, subjectKey }, configuration) {
    const type = option("type") ?? configuration.flag(flag)?.valueType ?? "string";
    const expectedType = REQUEST_TYPES.find((it) => it === type);
    if (expectedType === undefined) {
      const expected = `one of ${REQUEST_TYPES.join(", ")}`;
      throw new UsageError(`--type: expected ${expected}, got ${JSON.stringify(type)}`);
    }
    const defaultValue = readJson("--default", option("default") ?? "null");
    const request = {
      flag,
      type,
      subjectKey,
      subjectAttributes: attributes,
      default: defaultValue,
    };
    return { request, type, asked: { expectedType, defaultValue } };
  },
  extrasOf: () => ({ fields: {}, paragraphs: [] }),
};
