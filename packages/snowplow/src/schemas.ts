/** A schema, and where it belongs in an Iglu registry. */
export interface IgluSchema {
  /** `<vendor>/<name>/jsonschema/<version>`. */
  readonly path: string;
  readonly schema: object;
}

const text = (maxLength: number): object => ({ type: "string", maxLength });
const textOrNull = (maxLength: number): object => ({ type: ["string", "null"], maxLength });
const anyObject = { type: ["object", "null"], additionalProperties: true };
const texts = { type: ["object", "null"], additionalProperties: textOrNull(4_096) };
const numbers = {
  type: ["object", "null"],
  additionalProperties: { type: ["number", "null"] },
};
const common = {
  eventId: text(36),
  timestamp: { type: "string", format: "date-time", maxLength: 64 },
  subject: text(4_096),
};

const SCHEMAS = [
  {
    name: "assignment",
    description: "A subject was assigned to a variation of a flag",
    properties: {
      ...common,
      featureFlag: text(1_024),
      allocation: textOrNull(1_024),
      experiment: textOrNull(2_048),
      variation: textOrNull(1_024),
      subjectAttributes: anyObject,
      extraLogging: texts,
      metaData: anyObject,
    },
    required: ["timestamp", "subject", "featureFlag"],
  },
  {
    name: "bandit_action",
    description: "A contextual bandit chose an action for a subject",
    properties: {
      ...common,
      flagKey: text(1_024),
      banditKey: text(1_024),
      action: text(1_024),
      // No maximum: a floor in the model may raise the weight of an action beyond 1.
      actionProbability: { type: "number", minimum: 0 },
      optimalityGap: { type: ["number", "null"] },
      modelVersion: text(1_024),
      subjectNumericAttributes: numbers,
      subjectCategoricalAttributes: texts,
      actionNumericAttributes: numbers,
      actionCategoricalAttributes: texts,
      metaData: anyObject,
    },
    required: [
      ...["timestamp", "subject", "flagKey", "banditKey", "action"],
      ...["actionProbability", "modelVersion"],
    ],
  },
];

/**
 * The schemas of the events, to be put into your own Iglu registry.
 *
 * @param vendor - as given to the logger as `schemaVendor`; `dev.sortition` unless given.
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
