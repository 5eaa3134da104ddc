/** A schema and its place in an Iglu registry. */
export interface IgluSchema {
  /** `<vendor>/<name>/jsonschema/<version>`. */
  readonly path: string;
  readonly schema: object;
}

const string = (maxLength: number): object => ({ type: "string", maxLength });
const stringOrNull = (maxLength: number): object => ({ type: ["string", "null"], maxLength });
const anyObject = { type: ["object", "null"], additionalProperties: true };
const strings = { type: ["object", "null"], additionalProperties: stringOrNull(4_096) };
const numbers = {
  type: ["object", "null"],
  additionalProperties: { type: ["number", "null"] },
};
const common = {
  eventId: string(36),
  timestamp: { type: "string", format: "date-time", maxLength: 64 },
  subject: string(4_096),
};

const SCHEMAS = [
  {
    name: "assignment",
    description: "A subject was assigned to a variation of a flag",
    properties: {
      ...common,
      featureFlag: string(1_024),
      allocation: stringOrNull(1_024),
      experiment: stringOrNull(2_048),
      variation: stringOrNull(1_024),
      subjectAttributes: anyObject,
      extraLogging: strings,
      metaData: anyObject,
    },
    required: ["timestamp", "subject", "featureFlag"],
  },
  {
    name: "bandit_action",
    description: "A contextual bandit chose an action for a subject",
    properties: {
      ...common,
      flagKey: string(1_024),
      banditKey: string(1_024),
      action: string(1_024),
      // There is no maximum, because a floor in the model may raise the weight of an action above 1.
      actionProbability: { type: "number", minimum: 0 },
      optimalityGap: { type: ["number", "null"] },
      modelVersion: string(1_024),
      subjectNumericAttributes: numbers,
      subjectCategoricalAttributes: strings,
      actionNumericAttributes: numbers,
      actionCategoricalAttributes: strings,
      metaData: anyObject,
    },
    required: [
      ...["timestamp", "subject", "flagKey", "banditKey", "action"],
      ...["actionProbability", "modelVersion"],
    ],
  },
];

/**
 * Returns the schemas of the events, for your own Iglu registry.
 *
 * @param vendor - the logger's option `schemaVendor`. Default: `dev.sortition`.
 */
export function igluSchemas(vendor: string = "dev.sortition"): readonly IgluSchema[] {
  return SCHEMAS.map(({ name, description, properties, required }) => ({
    path: `${vendor}/${name}/jsonschema/1-0-0`,
    schema: {
      $schema:
        "http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#",
      description,
      self: { vendor, name, format: "jsonschema", version: "1-0-0" },
      type: "object",
      properties,
      required,
      additionalProperties: false,
    },
  }));
}
