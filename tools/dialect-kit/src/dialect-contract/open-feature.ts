import type { AttributeValue, Client } from "@sortition/core";
import type { ContextSubject, Dialect } from "@sortition/core/dialect";
import { expect } from "vitest";
import type { DialectCheck } from "./check.js";
import { askDetails, askValue, DEFAULT_VALUE } from "./getters.js";
import type { DialectCall } from "./harness.js";
import { clientOf, configurationOf } from "./payloads.js";

/** Metadata that OpenFeature's provider adds for all dialects. */
const COMMON_METADATA = [
  ...["version", "flagSetId", "contextId", "dialect", "allocation", "split"],
  ...["exposure", "banditExposure", "action", "formerReason", "leftOut"],
];

/** Rules about OpenFeature's terms. */
export const OPEN_FEATURE: readonly DialectCheck[] = [
  {
    name: "returns the documented values for OpenFeature's contexts",
    async check(harness) {
      const client = clientOf(await configurationOf(harness));
      const { openFeature } = harness.createDialect();
      for (const call of harness.calls) {
        const subject = subjectOf(openFeature, call);
        expect({ call, value: askWith(client, call, subject) }).toEqual({
          call,
          value: askValue(client, call),
        });
        const other = subjectOf(openFeature, { ...call, subjectKey: "" }, "anybody");
        expect(other.key).toBe("anybody");
      }
    },
  },
  {
    name: "claims that numbers may be keys of variations only if strings are keys of variations",
    async check(harness) {
      if (!harness.createDialect().openFeature.hasNumericVariations) return;
      const client = clientOf(await configurationOf(harness));
      for (const call of harness.calls) {
        const { isDefault, value, variationKey } = askDetails(client, call);
        if (call.type === "string" && !isDefault) expect(value).toBe(variationKey);
      }
    },
  },
  {
    name: "has metadata of flags that the details contain, under names of its own",
    async check(harness) {
      const client = clientOf(await configurationOf(harness));
      const { openFeature } = harness.createDialect();
      for (const call of harness.calls) {
        const { evaluationDetails } = askDetails(client, call);
        const known = JSON.stringify(evaluationDetails);
        const metadata = openFeature.metadataOf(evaluationDetails);
        for (const [name, value] of Object.entries(metadata)) {
          expect(COMMON_METADATA).not.toContain(name);
          if (value !== undefined && value !== null) expect(known).toContain(JSON.stringify(value));
        }
      }
    },
  },
];

/** Returns the subject of the context with the key and attributes of a call, as a provider does. */
function subjectOf(
  { attributeNames, subjectOf: read, takesNestedValues }: Dialect["openFeature"],
  { attributes, subjectKey }: DialectCall,
  defaultKey: string | null = null,
): ContextSubject {
  if (read !== null) return read({ targetingKey: subjectKey, ...attributes }, defaultKey);
  const given = Object.entries(attributes).filter(
    ([, value]) => takesNestedValues || !isNested(value),
  );
  return {
    key: subjectKey || defaultKey,
    attributes: Object.fromEntries(
      given.map(([name, value]) => [attributeNames[name] ?? name, value]),
    ),
  };
}

function isNested(value: AttributeValue): boolean {
  return typeof value === "object" && value !== null;
}

function askWith(client: Client, { flagKey, type }: DialectCall, subject: ContextSubject): unknown {
  return client.evaluate({
    flagKey,
    subjectKey: subject.key,
    subjectAttributes: subject.attributes,
    extras: subject.extras,
    expectedType: type,
    defaultValue: DEFAULT_VALUE,
  }).value;
}
