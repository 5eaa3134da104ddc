import { type EvaluationDetails, type JsonValue, OpenFeature } from "@openfeature/server-sdk";
import { Configuration, createClient, type EvaluationRequest } from "@sortition/core";
import { SortitionProvider } from "@sortition/openfeature";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { datadog } from "../../src/dialect.js";
import { CASE_CONFIGURATION, CASE_FILES, type PublicCase } from "./case-files.js";

/**
 * Flags whose cases expect a reason that no SDK returns: `DEFAULT` for a malformed flag, for which both the vendor's
 * SDK and ours return `PARSE_ERROR`.
 */
const FLAGS_BESIDE_THE_SDK = ["malformed-allocations-flag", "operator-grease-flag"];

const TYPES = {
  STRING: "string",
  INTEGER: "number",
  NUMERIC: "number",
  BOOLEAN: "boolean",
  JSON: "json",
} as const;

const dialect = datadog();
const client = createClient({
  dialect,
  initialConfiguration: Configuration.from({
    dialect,
    payloads: { flags: new TextEncoder().encode(CASE_CONFIGURATION) },
  }),
});

function evaluated(it: PublicCase): unknown {
  const request: EvaluationRequest = {
    flagKey: it.flag,
    subjectKey: it.targetingKey ?? null,
    subjectAttributes: it.attributes,
    defaultValue: it.defaultValue,
    expectedType: TYPES[it.variationType],
  };
  return client.evaluate(request).value;
}

const GETTERS = {
  STRING: "getStringAssignment",
  INTEGER: "getIntegerAssignment",
  NUMERIC: "getNumericAssignment",
  BOOLEAN: "getBooleanAssignment",
  JSON: "getJSONAssignment",
} as const;

function gotten(it: PublicCase, key: string): unknown {
  return client[GETTERS[it.variationType]](it.flag, key, it.attributes, it.defaultValue as never);
}

async function resolved(it: PublicCase): Promise<EvaluationDetails<JsonValue>> {
  const flags = OpenFeature.getClient();
  const context =
    it.targetingKey === undefined || it.targetingKey === null
      ? it.attributes
      : { ...it.attributes, targetingKey: it.targetingKey };
  switch (TYPES[it.variationType]) {
    case "string":
      return flags.getStringDetails(it.flag, it.defaultValue as string, context);
    case "number":
      return flags.getNumberDetails(it.flag, it.defaultValue as number, context);
    case "boolean":
      return flags.getBooleanDetails(it.flag, it.defaultValue as boolean, context);
    case "json":
      return flags.getObjectDetails(it.flag, it.defaultValue as JsonValue, context);
  }
}

describe.skipIf(CASE_FILES.length === 0)("Datadog's cases", () => {
  beforeAll(() => OpenFeature.setProviderAndWait(new SortitionProvider(client)));
  afterAll(() => OpenFeature.clearProviders());

  it("are 231", () => {
    expect(CASE_FILES.flatMap(([, cases]) => cases)).toHaveLength(231);
  });

  it.each(CASE_FILES)("%s", async (_, cases) => {
    for (const one of cases) {
      const { flag, result, targetingKey = null } = one;
      expect(evaluated(one)).toEqual(result.value);
      if (targetingKey !== null) expect(gotten(one, targetingKey)).toEqual(result.value);
      const { errorCode, reason, value } = await resolved(one);
      const expected = FLAGS_BESIDE_THE_SDK.includes(flag)
        ? { reason: "ERROR", errorCode: "PARSE_ERROR" }
        : { reason: result.reason, errorCode: result.errorCode };
      expect(value).toEqual(result.value);
      expect(reason).toBe(expected.reason);
      if (expected.errorCode !== undefined) expect(errorCode).toBe(expected.errorCode);
    }
  });
});
