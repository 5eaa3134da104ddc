import type { Aspect, GeneratedFlag, GeneratedSubject } from "./flags.js";

/** Writes flags, requests and results in the format of one dialect. */
export interface GeneratedDialect {
  readonly name: string;
  /** How replay judges an exposure of a subject that is not in the experiment. */
  readonly outside: "not-in-experiment" | "wrong-variation";
  /** What diff shows for a subject that is not in the experiment. */
  readonly nothing: string | null;
  /** The aspects that flags of this dialect have. */
  readonly aspects: readonly Aspect[];
  configOf(flags: readonly GeneratedFlag[]): object;
  /** Returns a request for `sortition evaluate`. */
  requestOf(flag: string, subject: GeneratedSubject): object;
  /** Returns the variation and the value in a result; `null` if the subject is not in the experiment. */
  answerOf(
    result: Result,
    flag: string,
  ): { readonly variation: string; readonly value: unknown } | null;
}

/** A result of `sortition evaluate`. */
export type Result = Readonly<Record<string, unknown>>;

const ENDED = "2020-01-01T00:00:00.000Z";
const DISTRIBUTIONS = 42_949_673;

const eppo: GeneratedDialect = {
  name: "eppo",
  nothing: null,
  outside: "not-in-experiment",
  aspects: ["rule", "traffic", "salt", "window", "value"],
  configOf: (flags) => ({
    createdAt: "2026-01-05T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags: Object.fromEntries(flags.map((flag) => [flag.key, eppoFlag(flag)])),
  }),
  requestOf: (flag, { subjectAttributes, subjectKey }) => ({
    flag,
    type: "string",
    default: "none",
    subjectKey,
    subjectAttributes,
  }),
  answerOf({ evaluationDetails, value }) {
    const { variationKey } = evaluationDetails as { variationKey: string | null };
    return variationKey === null ? null : { variation: variationKey, value };
  },
};

function eppoFlag({ countries, isOpen, key, salt, share, traffic, values }: GeneratedFlag): object {
  const split = (variationKey: string, start: number, end: number): object => ({
    variationKey,
    shards: [
      { salt: `${salt}-traffic`, ranges: [{ start: 0, end: traffic * 100 }] },
      { salt: `${salt}-split`, ranges: [{ start: start * 100, end: end * 100 }] },
    ],
  });
  return {
    key,
    enabled: true,
    variationType: "STRING",
    totalShards: 10_000,
    variations: { a: { key: "a", value: values.a }, b: { key: "b", value: values.b } },
    allocations: [
      {
        key: "split",
        ...(isOpen ? {} : { endAt: ENDED }),
        rules:
          countries === null
            ? []
            : [{ conditions: [{ attribute: "nation", operator: "ONE_OF", value: countries }] }],
        splits: [split("a", 0, share), split("b", share, 100)],
        doLog: true,
      },
    ],
  };
}

const growthbook: GeneratedDialect = {
  name: "growthbook",
  nothing: '"none"',
  outside: "not-in-experiment",
  aspects: ["rule", "traffic", "salt", "value"],
  configOf: (flags) => ({
    features: Object.fromEntries(flags.map((flag) => [flag.key, growthbookFeature(flag)])),
  }),
  requestOf: (feature, { subjectAttributes, subjectKey }) => ({
    feature,
    context: { attributes: { id: subjectKey, ...subjectAttributes } },
  }),
  answerOf({ result }) {
    const { experimentResult, value } = result as {
      value: unknown;
      experimentResult?: { inExperiment: boolean; key: string };
    };
    return experimentResult?.inExperiment ? { variation: experimentResult.key, value } : null;
  },
};

function growthbookFeature({
  countries,
  key,
  salt,
  share,
  traffic,
  values,
}: GeneratedFlag): object {
  return {
    defaultValue: "none",
    rules: [
      {
        id: "split",
        key: `${key}-experiment`,
        seed: salt,
        hashVersion: 2,
        ...(countries === null ? {} : { condition: { nation: { $in: countries } } }),
        coverage: traffic / 100,
        weights: [share / 100, 1 - share / 100],
        variations: [values.a, values.b],
        meta: [{ key: "a" }, { key: "b" }],
      },
    ],
  };
}

const amplitude: GeneratedDialect = {
  name: "amplitude",
  nothing: "off",
  outside: "not-in-experiment",
  aspects: ["rule", "traffic", "salt", "value"],
  configOf: (flags) => flags.map(amplitudeFlag),
  requestOf: (flag, { subjectAttributes, subjectKey }) => ({
    user: { user_id: subjectKey, user_properties: subjectAttributes },
    flagKeys: [flag],
  }),
  answerOf({ variants }, flag) {
    const variant = (variants as Record<string, { key: string; value: unknown }>)[flag];
    if (variant === undefined || variant.key === "off") return null;
    return { variation: variant.key, value: variant.value };
  },
};

function amplitudeFlag({ countries, key, salt, share, traffic, values }: GeneratedFlag): object {
  const cut = Math.round((share / 100) * DISTRIBUTIONS);
  return {
    key,
    variants: {
      a: { key: "a", value: values.a },
      b: { key: "b", value: values.b },
      off: { key: "off", metadata: { default: true } },
    },
    segments: [
      {
        metadata: { segmentName: "split" },
        bucket: {
          selector: ["context", "user", "user_id"],
          salt,
          allocations: [
            {
              range: [0, traffic],
              distributions: [
                { variant: "a", range: [0, cut] },
                { variant: "b", range: [cut, DISTRIBUTIONS] },
              ],
            },
          ],
        },
        ...(countries === null
          ? {}
          : {
              conditions: [
                [
                  {
                    selector: ["context", "user", "user_properties", "nation"],
                    op: "is",
                    values: countries,
                  },
                ],
              ],
            }),
      },
      { metadata: { segmentName: "off" }, variant: "off" },
    ],
  };
}

const posthog: GeneratedDialect = {
  name: "posthog",
  nothing: "false",
  // Subjects outside the rollout have exposures too, with the variation `false`.
  outside: "wrong-variation",
  aspects: ["rule", "traffic", "value"],
  configOf: (flags) => ({
    flags: flags.map(posthogFlag),
    group_type_mapping: {},
    cohorts: {},
  }),
  requestOf: (flag, { subjectAttributes, subjectKey }) => ({
    flag,
    distinctId: subjectKey,
    personProperties: subjectAttributes,
  }),
  answerOf({ payload, variant }) {
    return typeof variant === "string" ? { variation: variant, value: payload } : null;
  },
};

function posthogFlag(
  { countries, key, share, traffic, values }: GeneratedFlag,
  index: number,
): object {
  const properties =
    countries === null
      ? []
      : [{ key: "nation", operator: "exact", type: "person", value: countries }];
  return {
    id: index + 1,
    key,
    active: true,
    filters: {
      groups: [{ properties, rollout_percentage: traffic }],
      multivariate: {
        variants: [
          { key: "a", rollout_percentage: share },
          { key: "b", rollout_percentage: 100 - share },
        ],
      },
      payloads: { a: JSON.stringify(values.a), b: JSON.stringify(values.b) },
    },
  };
}

/** The dialects that flags are generated for. */
export const GENERATED_DIALECTS: readonly GeneratedDialect[] = [
  eppo,
  growthbook,
  amplitude,
  posthog,
];
