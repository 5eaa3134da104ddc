import type { Random } from "@sortition/proof";

/** A generated configuration of one dialect. */
export interface GeneratedConfiguration {
  readonly keys: readonly string[];
  readonly payload: object;
}

/** The types that the values of a flag can have. */
export const VALUE_KINDS = ["boolean", "string", "integer", "numeric", "json"] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

/** Who gets which value of a generated flag, in terms that all dialects support. */
interface Plan {
  readonly key: string;
  readonly kind: ValueKind;
  readonly values: readonly unknown[];
  /** The percentage of subjects that get a value from the first rule. */
  readonly traffic: number;
  /** Whether the first rule has a condition on `nation`. */
  readonly hasRule: boolean;
  /** Whether all other subjects get the last value. */
  readonly hasRest: boolean;
}

/** The dialects for which flags are generated. */
export const DIALECT_NAMES = ["eppo", "growthbook", "amplitude", "posthog", "datadog"] as const;
export type DialectName = (typeof DIALECT_NAMES)[number];

/** The values of the flags by kind. Tests also try other values in calls. */
export const UNIVERSE = {
  boolean: [true, false],
  string: ["fast", "standard", "slow"],
  integer: [2, 3, 9],
  numeric: [0.5, 1.5, 9.25],
  json: [{ hero: "a" }, { hero: "b", size: 1 }, { other: true }],
} as const;

export const NATIONS = ["DK", "SE", "DE", "FR"] as const;
const RULED = ["DK", "SE"];
const DISTRIBUTIONS = 42_949_673;

/** A configuration with one flag for each type of value. Each flag gives every subject one of two values. */
export function sampleConfiguration(dialect: DialectName): GeneratedConfiguration {
  const plans = VALUE_KINDS.map((kind): Plan => {
    const values = UNIVERSE[kind].slice(0, 2);
    return { key: kind, kind, values, traffic: 100, hasRule: false, hasRest: true };
  });
  return { keys: plans.map(({ key }) => key), payload: WRITERS[dialect](plans) };
}

/** A configuration with this many random flags. */
export function generatedConfiguration(
  dialect: DialectName,
  random: Random,
  count: number,
): GeneratedConfiguration {
  const plans = Array.from({ length: count }, (_, index) => planOf(`flag ${index}`, random));
  const payload = WRITERS[dialect](plans);
  return { keys: plans.map(({ key }) => key), payload };
}

function planOf(key: string, random: Random): Plan {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const kind = pick(VALUE_KINDS);
  const universe: readonly unknown[] = UNIVERSE[kind];
  return {
    key,
    kind,
    values: universe.slice(0, pick([1, 2, 2])),
    traffic: pick([100, 100, 40]),
    hasRule: pick([true, false]),
    hasRest: pick([true, false]),
  };
}

/** Divides a whole into parts of equal size, each as [start, end]. */
function parts(count: number, whole: number): readonly (readonly [number, number])[] {
  return Array.from({ length: count }, (_, i) => [
    Math.round((i * whole) / count),
    Math.round(((i + 1) * whole) / count),
  ]);
}

const WRITERS: Readonly<Record<DialectName, (plans: readonly Plan[]) => object>> = {
  eppo: (plans) => ({
    createdAt: "2026-01-05T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags: Object.fromEntries(plans.map((plan) => [plan.key, eppoFlag(plan)])),
  }),
  growthbook: (plans) => ({
    features: Object.fromEntries(plans.map((plan) => [plan.key, growthbookFeature(plan)])),
  }),
  amplitude: (plans) => plans.map(amplitudeFlag),
  posthog: (plans) => ({
    flags: plans.map(posthogFlag),
    group_type_mapping: {},
    cohorts: {},
  }),
  datadog: (plans) => ({
    data: {
      type: "universal-flag-configuration",
      attributes: {
        createdAt: "2026-01-05T00:00:00.000Z",
        format: "SERVER",
        environment: { name: "Test" },
        flags: Object.fromEntries(plans.map((plan) => [plan.key, datadogFlag(plan)])),
      },
    },
  }),
};

function eppoFlag({ hasRest, hasRule, key, kind, traffic, values }: Plan): object {
  const shares = parts(values.length, 10_000);
  const rest = { variationKey: `v${values.length - 1}`, shards: [] };
  return {
    key,
    enabled: true,
    variationType: kind.toUpperCase(),
    totalShards: 10_000,
    variations: Object.fromEntries(
      values.map((value, i) => [
        `v${i}`,
        { key: `v${i}`, value: kind === "json" ? JSON.stringify(value) : value },
      ]),
    ),
    allocations: [
      {
        key: "first",
        rules: hasRule
          ? [{ conditions: [{ attribute: "nation", operator: "ONE_OF", value: RULED }] }]
          : [],
        splits: shares.map(([start, end], i) => ({
          variationKey: `v${i}`,
          shards: [
            { salt: `${key} traffic`, ranges: [{ start: 0, end: traffic * 100 }] },
            { salt: `${key} split`, ranges: [{ start, end }] },
          ],
        })),
        doLog: true,
      },
      ...(hasRest ? [{ key: "rest", rules: [], splits: [rest], doLog: true }] : []),
    ],
  };
}

function datadogFlag({ hasRest, hasRule, key, kind, traffic, values }: Plan): object {
  const shares = parts(values.length, 10_000);
  const shard = (salt: string, start: number, end: number): object => ({
    salt: `${key} ${salt}`,
    totalShards: 10_000,
    ranges: [{ start, end }],
  });
  const rest = { variationKey: `v${values.length - 1}`, shards: [] };
  return {
    key,
    enabled: true,
    variationType: kind.toUpperCase(),
    variations: Object.fromEntries(values.map((value, i) => [`v${i}`, { key: `v${i}`, value }])),
    allocations: [
      {
        key: "first",
        ...(hasRule && {
          rules: [{ conditions: [{ attribute: "nation", operator: "ONE_OF", value: RULED }] }],
        }),
        splits: shares.map(([start, end], i) => ({
          variationKey: `v${i}`,
          shards: [shard("traffic", 0, traffic * 100), shard("split", start, end)],
        })),
        doLog: true,
      },
      ...(hasRest ? [{ key: "rest", splits: [rest], doLog: true }] : []),
    ],
  };
}

function growthbookFeature({ hasRest, hasRule, traffic, values }: Plan): object {
  const condition = hasRule ? { condition: { nation: { $in: RULED } } } : {};
  const coverage = { coverage: traffic / 100 };
  const experiment = { variations: values, weights: values.map(() => 1 / values.length) };
  return {
    ...(hasRest ? { defaultValue: values.at(-1) } : {}),
    rules: [
      values.length === 1
        ? { ...condition, ...coverage, force: values[0] }
        : { ...condition, ...coverage, ...experiment, hashVersion: 2 },
    ],
  };
}

function amplitudeFlag({ hasRest, hasRule, key, kind, traffic, values }: Plan): object {
  const shares = parts(values.length, DISTRIBUTIONS);
  return {
    key,
    variants: Object.fromEntries([
      ...values.map((value, i) => [
        `v${i}`,
        { key: `v${i}`, ...(kind === "json" ? { payload: value } : { value: String(value) }) },
      ]),
      ["off", { key: "off", metadata: { default: true } }],
    ]),
    segments: [
      {
        ...(hasRule
          ? {
              conditions: [
                [
                  {
                    selector: ["context", "user", "user_properties", "nation"],
                    op: "is",
                    values: RULED,
                  },
                ],
              ],
            }
          : {}),
        bucket: {
          selector: ["context", "user", "user_id"],
          salt: key,
          allocations: [
            {
              range: [0, traffic],
              distributions: shares.map((range, i) => ({ variant: `v${i}`, range })),
            },
          ],
        },
      },
      { variant: hasRest ? `v${values.length - 1}` : "off" },
    ],
  };
}

function posthogFlag(
  { hasRest, hasRule, key, kind, traffic, values }: Plan,
  index: number,
): object {
  const properties = hasRule
    ? [{ key: "nation", operator: "exact", type: "person", value: RULED }]
    : [];
  // A boolean flag has no variants.
  const keys = kind === "boolean" ? [] : values.map((_, i) => `v${i}`);
  const rest = keys.length === 0 ? {} : { variant: keys.at(-1) };
  const payloads = values.map((value, i) => [`v${i}`, JSON.stringify(value)]);
  return {
    id: index + 1,
    key,
    active: true,
    filters: {
      groups: [
        { properties, rollout_percentage: traffic },
        ...(hasRest ? [{ properties: [], rollout_percentage: 100, ...rest }] : []),
      ],
      ...(keys.length === 0
        ? {}
        : {
            multivariate: {
              variants: keys.map((it) => ({ key: it, rollout_percentage: 100 / keys.length })),
            },
            payloads: Object.fromEntries(payloads),
          }),
    },
  };
}
