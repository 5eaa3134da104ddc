import {
  fieldNames,
  isJsonObject,
  type JsonObject,
  RequestError,
  refuseUnknownFields,
  stringField,
  unexpected,
} from "../../evaluate/request.js";

/** A request for a feature of the payload or for an inline experiment. */
export type GrowthbookRequest =
  | { readonly kind: "feature"; readonly feature: string; readonly context: RequestContext }
  | {
      readonly kind: "experiment";
      readonly experiment: JsonObject;
      readonly context: RequestContext;
    };

/** The context of a request. */
export interface RequestContext {
  readonly attributes?: JsonObject;
  readonly attributeOverrides?: JsonObject;
  readonly url?: string;
  readonly qaMode?: boolean;
  readonly enabled?: boolean;
  readonly forcedVariations?: JsonObject;
  readonly forcedFeatures?: readonly (readonly [key: string, value: unknown])[];
  readonly groups?: JsonObject;
  readonly overrides?: JsonObject;
  readonly savedGroups?: JsonObject;
  readonly stickyBucketDocs?: readonly JsonObject[];
}

const FIELDS = fieldNames("feature", "experiment", "context");

/** @throws RequestError that names the field. */
export function readRequest(fields: JsonObject): GrowthbookRequest {
  refuseUnknownFields(fields, FIELDS);
  const { experiment, feature } = fields;
  const context = readContext(fields["context"]);
  if (experiment === undefined) {
    return { kind: "feature", feature: stringField(fields, "feature"), context };
  }
  if (feature !== undefined) {
    throw new RequestError("experiment", "a request has either a feature or an experiment");
  }
  if (!isJsonObject(experiment)) throw unexpected("experiment", "an object", experiment);
  return { kind: "experiment", experiment, context };
}

function readContext(value: unknown): RequestContext {
  if (value === undefined) return {};
  if (!isJsonObject(value)) throw unexpected("context", "an object", value);
  for (const [name, [expected, isRight]] of Object.entries(CHECKS)) {
    const member = value[name];
    if (member === undefined || isRight(member)) continue;
    throw unexpected(`context.${name}`, expected, member);
  }
  return value as RequestContext; // just checked
}

/** A description of the expected value, and its test. */
type Check = readonly [expected: string, isRight: (value: unknown) => boolean];

const OBJECT: Check = ["an object", isJsonObject];
const BOOLEAN: Check = ["a boolean", (value) => typeof value === "boolean"];

const CHECKS: Readonly<Record<keyof RequestContext, Check>> = {
  attributes: OBJECT,
  attributeOverrides: OBJECT,
  url: ["a string", (value) => typeof value === "string"],
  qaMode: BOOLEAN,
  enabled: BOOLEAN,
  forcedVariations: OBJECT,
  forcedFeatures: [
    "an array of [key, value]",
    (value) => Array.isArray(value) && value.every(isPair),
  ],
  groups: OBJECT,
  overrides: OBJECT,
  savedGroups: OBJECT,
  stickyBucketDocs: [
    "an array of documents with attributeName, attributeValue and assignments",
    (value) => Array.isArray(value) && value.every(isDocument),
  ],
};

function isPair(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === "string";
}

function isDocument(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const { assignments, attributeName, attributeValue } = value;
  return (
    typeof attributeName === "string" &&
    typeof attributeValue === "string" &&
    isJsonObject(assignments)
  );
}
