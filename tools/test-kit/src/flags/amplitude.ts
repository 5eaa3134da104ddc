import type {
  FlagDefinition,
  FlagType,
  HashedSplit,
  Json,
  Order,
  Rule,
  Test,
} from "./definition.js";
import { type JsonObject, listOf } from "./json-object.js";
import { type Step, stepsOf } from "./steps.js";
import { withListed } from "./with-flag.js";
import { FormatError, type Writer } from "./writer.js";

const FORMAT = "Amplitude";
/** Exclusive upper limit of the hash divided by 100, which chooses a distribution. */
const DISTRIBUTION_SHARDS = 42_949_673;
const USER_ID = ["context", "user", "user_id"];

/** Attributes that are members of the user. All others are user properties. */
const USER_FIELDS: ReadonlySet<string> = new Set([
  ...["device_id", "country", "region", "dma", "city", "language", "platform", "version", "os"],
  ...["device_manufacturer", "device_brand", "device_model", "carrier", "library"],
  ...["ip_address", "group_properties", "groups", "cohort_ids", "group_cohort_ids"],
]);

const OPERATORS: Readonly<Record<Order, string>> = {
  gt: "greater",
  gte: "greater or equal",
  lt: "less",
  lte: "less or equal",
};

/** Flag configurations of Amplitude Experiment. */
export const amplitudeWriter: Writer = {
  format: FORMAT,
  empty: { flags: [] },
  withFlag(parts, flag) {
    const { key, state } = flag;
    if (state === "disabled") {
      throw new FormatError(
        `${FORMAT} does not send flags that are switched off. Use missing() instead`,
      );
    }
    const written = state === "missing" ? null : flagWire(flag);
    return { ...parts, flags: withListed(listOf(parts["flags"]), key, written) };
  },
};

function flagWire(flag: FlagDefinition): JsonObject {
  const { key, state, type, variations } = flag;
  const steps = stepsOf(flag);
  const hasExperiment = steps.some(
    ({ outcome }) => outcome.kind === "split" && outcome.isExperiment,
  );
  return {
    key,
    metadata: {
      deployed: true,
      evaluationMode: "local",
      flagType: hasExperiment ? "experiment" : "release",
      flagVersion: 1,
    },
    variants: Object.fromEntries(
      [...variations].map(([name, value]) => [name, variantWire(name, value, type)]),
    ),
    segments:
      state === "malformed"
        ? 1 // a string would be iterated by characters
        : steps.map((step) => segmentWire(key, step)),
  };
}

/** Writes a variant, whose value is a string. JSON goes into its payload. */
function variantWire(key: string, value: Json, type: FlagType): Json {
  if (type === "json") return { key, value: key, payload: value };
  return { key, value: type === "boolean" ? key : String(value) };
}

function segmentWire(flagKey: string, step: Step): Json {
  const { name, outcome } = step;
  const conditions = conditionsOf(step);
  const isExperiment = outcome.kind === "split" && outcome.isExperiment;
  return {
    metadata: { segmentName: name, ...(isExperiment ? {} : { trackExposure: false }) },
    ...(conditions.length === 0 ? {} : { conditions: [conditions] }),
    ...(outcome.kind === "give"
      ? { variant: outcome.variation }
      : { bucket: bucketWire(`${flagKey}-${name}`, outcome) }),
  };
}

function bucketWire(own: string, { salt = own, shares, traffic = 100 }: HashedSplit): Json {
  let percentBefore = 0;
  const bound = (): number =>
    Math.round((Math.min(percentBefore, 100) * DISTRIBUTION_SHARDS) / 100);
  const distributions = shares.map(({ percent, variation }) => {
    const start = bound();
    percentBefore += percent;
    return { variant: variation, range: [start, bound()] };
  });
  return { selector: USER_ID, salt, allocations: [{ range: [0, traffic], distributions }] };
}

function conditionsOf({ conditions, subjects }: Rule): readonly Json[] {
  const ofAttributes = conditions.map(({ attribute, test }) => ({
    selector: USER_FIELDS.has(attribute)
      ? ["context", "user", attribute]
      : ["context", "user", "user_properties", attribute],
    ...testWire(test),
  }));
  return subjects === null
    ? ofAttributes
    : [...ofAttributes, { selector: USER_ID, op: "is", values: subjects }];
}

function testWire(test: Test): JsonObject {
  switch (test.kind) {
    case "one-of":
      return { op: "is", values: test.values.map(String) };
    case "none-of":
      return { op: "is not", values: test.values.map(String) };
    case "matches":
      return { op: "regex match", values: [test.pattern] };
    case "does-not-match":
      return { op: "regex does not match", values: [test.pattern] };
    case "present":
      return { op: "is not", values: ["(none)"] };
    case "absent":
      return { op: "is", values: ["(none)"] };
    default: {
      const isVersion = typeof test.value === "string";
      return {
        op: `${isVersion ? "version " : ""}${OPERATORS[test.kind]}`,
        values: [String(test.value)],
      };
    }
  }
}
