import { readJson } from "../../json-option.js";
import type { DialectOption, ExplainSupport } from "../dialect.js";
import { readType, typedOptions } from "../typed-explain.js";
import { REQUEST_TYPES } from "./request.js";

/** Options of `sortition explain` that LaunchDarkly's requests need. */
export const EXPLAIN_OPTIONS: readonly DialectOption[] = typedOptions(REQUEST_TYPES, "any");

/** What LaunchDarkly adds to `sortition explain`: types and default values. */
export const launchdarklyExplain: ExplainSupport = {
  requestOf({ attributes, flag, option, subjectKey }) {
    const given = option("type");
    const type = given === undefined ? null : readType(REQUEST_TYPES, given);
    const defaultValue = readJson("--default", option("default") ?? "null", '"standard"');
    const request = {
      ...{ flag, subjectKey, subjectAttributes: attributes, default: defaultValue },
      ...(type === null ? {} : { type }),
    };
    const asked = { defaultValue, ...(type === null ? {} : { expectedType: type }) };
    return { request, type, asked };
  },
};
