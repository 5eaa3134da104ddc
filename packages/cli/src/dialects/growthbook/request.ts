import {
  isJsonObject,
  type JsonObject,
  RequestError,
  refuseUnknownFields,
  stringField,
  unexpected,
} from "../../evaluate/request.js";

/** A request: a feature of the payload, or an experiment of its own. */
export type GrowthbookRequest =
  | { readonly kind: "feature"; readonly feature: string; readonly context: RequestContext }
  | {
      readonly kind: "experiment";
      readonly experiment: JsonObject;
      readonly context: RequestContext;
    };

/** What the request says of the user. Absent members are not given. */
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

const FIELDS: ReadonlySet<string> = new Set(["id", "now", "feature", "experiment", "context"]);

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
  for (const [name, isRight] of Object.entries(CHECKS)) {
    const member = value[name];
    if (member === undefined || isRight(member)) continue;
    throw unexpected(`context.${name}`, EXPECTED[name as keyof typeof CHECKS], member); // its own key
  }
  return value as RequestContext; // just checked
}

const CHECKS = {
  attributes: isJsonObject,
  attributeOverrides: isJsonObject,
  url: (value: unknown) => typeof value === "string",
  qaMode: (value: unknown) => typeof value === "boolean",
  enabled: (value: unknown) => typeof value === "boolean",
  forcedVariations: isJsonObject,
  forcedFeatures: (value: unknown) => Array.isArray(value) && value.every(isPair),
  groups: isJsonObject,
  overrides: isJsonObject,
  savedGroups: isJsonObject,
  stickyBucketDocs: (value: unknown) => Array.isArray(value) && value.every(isDocument),
};

const AN_OBJECT = "an object";

const EXPECTED: Readonly<Record<keyof typeof CHECKS, string>> = {
  attributes: AN_OBJECT,
  attributeOverrides: AN_OBJECT,
  url: "a string",
  qaMode: "a boolean",
  enabled: "a boolean",
  forcedVariations: AN_OBJECT,
  forcedFeatures: "an array of [key, value]",
  groups: AN_OBJECT,
  overrides: AN_OBJECT,
  savedGroups: AN_OBJECT,
  stickyBucketDocs: "an array of documents with attributeName, attributeValue and assignments",
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
