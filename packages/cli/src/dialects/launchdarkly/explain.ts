import { UsageError } from "../../errors.js";
import { readJson } from "../../json-option.js";
import type { DialectOption, ExplainSupport } from "../dialect.js";
import { REQUEST_TYPES } from "./request.js";

/** Options of `sortition explain` that LaunchDarkly's requests need. */
export const EXPLAIN_OPTIONS: readonly DialectOption[] = [
  {
    name: "type",
    value: "TYPE",
    help: [`the requested type: ${REQUEST_TYPES.join(", ")} (default: any)`],
    commands: ["explain"],
  },
  {
    name: "default",
    value: "JSON",
    help: ["the value to return if nothing is assigned (default: null)"],
    commands: ["explain"],
  },
];

/** What LaunchDarkly adds to `sortition explain`: types and default values. */
export const launchdarklyExplain: ExplainSupport = {
  requestOf({ attributes, flag, option, subjectKey }) {
    const given = option("type");
    const type = REQUEST_TYPES.find((it) => it === given) ?? null;
    if (type === null && given !== undefined) {
      const expected = `one of ${REQUEST_TYPES.join(", ")}`;
      throw new UsageError(`--type: expected ${expected}, got ${JSON.stringify(given)}`);
    }
    const defaultValue = readJson("--default", option("default") ?? "null");
    const request = {
      ...{ flag, subjectKey, subjectAttributes: attributes, default: defaultValue },
      ...(type === null ? {} : { type }),
    };
    const asked = { defaultValue, ...(type === null ? {} : { expectedType: type }) };
    return { request, type, asked };
  },
  extrasOf: () => ({ fields: {}, paragraphs: [] }),
};
