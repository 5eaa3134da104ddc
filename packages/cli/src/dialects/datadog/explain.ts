import { readJson } from "../../json-option.js";
import type { DialectOption, ExplainSupport } from "../dialect.js";
import { readType, typedOptions } from "../typed-explain.js";
import { REQUEST_TYPES } from "./request.js";

/** Options of `sortition explain` that Datadog's requests need. */
export const EXPLAIN_OPTIONS: readonly DialectOption[] = typedOptions(
  REQUEST_TYPES,
  "the flag's type",
);

/** What Datadog adds to `sortition explain`: types. */
export const datadogExplain: ExplainSupport = {
  requestOf({ attributes, flag, option, subjectKey }, configuration) {
    const declared = configuration.flag(flag)?.valueType ?? "string";
    const type = readType(REQUEST_TYPES, option("type") ?? declared);
    const defaultValue = readJson("--default", option("default") ?? "null", '"standard"');
    const request = {
      flag,
      type,
      subjectKey,
      subjectAttributes: attributes,
      default: defaultValue,
    };
    return { request, type, asked: { expectedType: type, defaultValue } };
  },
};
