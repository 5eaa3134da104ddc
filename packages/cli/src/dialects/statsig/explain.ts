import { readJson } from "../../json-option.js";
import type { DialectOption, ExplainSupport } from "../dialect.js";
import { readType, typedOptions } from "../typed-explain.js";

const TYPES = ["boolean", "string", "number", "json"] as const;

/** Options of `sortition explain` that Statsig's requests need. */
export const EXPLAIN_OPTIONS: readonly DialectOption[] = typedOptions(TYPES, "any");

/** What Statsig adds to `sortition explain`: types and default values. */
export const statsigExplain: ExplainSupport = {
  requestOf({ attributes, flag, option, subjectKey }) {
    const given = option("type");
    const type = given === undefined ? null : readType(TYPES, given);
    const defaultValue = readJson("--default", option("default") ?? "null", '"standard"');
    const request = { flag, subjectKey, subjectAttributes: attributes };
    const asked = { defaultValue, ...(type === null ? {} : { expectedType: type }) };
    return { request, type, asked };
  },
};
