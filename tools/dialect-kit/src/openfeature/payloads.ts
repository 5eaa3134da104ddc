/**
 * A flag for each value and each outcome, in the format of each vendor. The subject is `alice` with
 * plan `gold`.
 */

const OPEN = { splits: [{ shards: [], variationKey: "v" }] };
const GOLD = [{ conditions: [{ attribute: "plan", operator: "ONE_OF", value: ["gold"] }] }];
const NOBODY = [{ conditions: [{ attribute: "plan", operator: "ONE_OF", value: ["none"] }] }];
const HALF = { shards: [{ salt: "s", ranges: [{ start: 0, end: 10_000 }] }], variationKey: "v" };

function eppoFlag(
  variationType: string,
  value: unknown,
  allocations: readonly object[] = [OPEN],
  enabled = true,
): object {
  return {
    enabled,
    variationType,
    variations: { v: { key: "v", value }, w: { key: "w", value } },
    totalShards: 10_000,
    allocations: allocations.map((it, i) => ({ key: `a${i}`, rules: [], doLog: true, ...it })),
  };
}

const EPPO_FLAGS: Readonly<Record<string, object>> = {
  boolean: eppoFlag("BOOLEAN", true),
  false: eppoFlag("BOOLEAN", false),
  string: eppoFlag("STRING", "blue", [{ ...OPEN, rules: GOLD }]),
  empty: eppoFlag("STRING", ""),
  integer: eppoFlag("INTEGER", 2 ** 53 - 1, [{ ...OPEN, rules: NOBODY }, OPEN]),
  zero: eppoFlag("INTEGER", 0),
  fraction: eppoFlag("NUMERIC", 0.5, [{ splits: [HALF, { shards: [], variationKey: "w" }] }]),
  object: eppoFlag("JSON", '{"n":[1]}'),
  list: eppoFlag("JSON", "[1]"),
  blank: eppoFlag("JSON", "{}"),
  none: eppoFlag("BOOLEAN", true, [{ ...OPEN, rules: NOBODY }]),
  disabled: eppoFlag("BOOLEAN", true, [OPEN], false),
  malformed: { ...eppoFlag("BOOLEAN", true), allocations: 5 },
};

const EPPO = {
  createdAt: "2026-01-01T00:00:00.000Z",
  format: "SERVER",
  environment: { name: "Production" },
  flags: Object.fromEntries(
    Object.entries(EPPO_FLAGS).map(([key, flag]) => [key, { key, ...flag }]),
  ),
};

const experiment = (value: unknown): object => ({
  id: "r1",
  key: "e",
  variations: [value, value],
  weights: [1, 0],
});
const gate = (id: string): object => ({
  parentConditions: [{ id, condition: { value: "never" }, gate: true }],
});

const GROWTHBOOK = {
  features: {
    boolean: { defaultValue: true },
    false: { defaultValue: false },
    string: { defaultValue: "red", rules: [{ condition: { plan: "gold" }, force: "blue" }] },
    empty: { defaultValue: "" },
    integer: { defaultValue: 2 ** 53 - 1, rules: [{ condition: { plan: "none" }, force: 1 }] },
    zero: { defaultValue: 0 },
    fraction: { defaultValue: 1, rules: [experiment(0.5)] },
    object: { defaultValue: { n: [1] } },
    list: { defaultValue: [1] },
    blank: { defaultValue: {} },
    none: {},
    disabled: { defaultValue: true, rules: [gate("string")] },
    cyclic: { defaultValue: true, rules: [gate("cyclic")] },
    malformed: { defaultValue: true, rules: 5 },
  },
};

const WHOLE = [{ range: [0, 100], distributions: [{ variant: "v", range: [0, 42_949_673] }] }];

function amplitudeFlag(key: string, variant: object, segments: readonly object[]): object {
  const off = { key: "off", metadata: { default: true } };
  return {
    key,
    metadata: { flagVersion: 3 },
    variants: { v: { key: "v", ...variant }, off },
    segments,
  };
}

const forPlan = (plan: string): object => ({
  conditions: [
    [{ selector: ["context", "user", "user_properties", "plan"], op: "is", values: [plan] }],
  ],
  variant: "v",
});
const OTHERS = { variant: "off" };
const BUCKETED = {
  bucket: { selector: ["context", "user", "user_id"], salt: "s", allocations: WHOLE },
  variant: "off",
};

const AMPLITUDE = [
  amplitudeFlag("boolean", {}, [{ variant: "v" }]),
  amplitudeFlag("false", {}, [OTHERS]),
  amplitudeFlag("string", { value: "blue" }, [forPlan("gold"), OTHERS]),
  amplitudeFlag("empty", { value: "" }, [{ variant: "v" }]),
  amplitudeFlag("integer", { value: 2 ** 53 - 1 }, [forPlan("none"), { variant: "v" }]),
  amplitudeFlag("zero", { value: 0 }, [{ variant: "v" }]),
  amplitudeFlag("fraction", { value: "0.5" }, [BUCKETED]),
  amplitudeFlag("object", { payload: { n: [1] } }, [{ variant: "v" }]),
  amplitudeFlag("list", { payload: [1] }, [{ variant: "v" }]),
  amplitudeFlag("blank", { payload: {} }, [{ variant: "v" }]),
  amplitudeFlag("none", {}, [forPlan("none")]),
  { ...amplitudeFlag("malformed", {}, []), segments: 5 },
];

const posthogFlag = (key: string, filters: object, members: object = {}): object => ({
  id: 7,
  key,
  active: true,
  filters: { groups: [{ properties: [], rollout_percentage: 100 }], ...filters },
  ...members,
});
const variantsOf = (...keys: readonly string[]): object => ({
  multivariate: {
    variants: keys.map((key) => ({ key, rollout_percentage: 100 / keys.length })),
  },
});
const planIs = (value: string): object => ({
  properties: [{ key: "plan", type: "person", operator: "exact", value: [value] }],
  rollout_percentage: 100,
});

const POSTHOG = {
  flags: [
    posthogFlag("boolean", {}),
    posthogFlag("false", { groups: [planIs("none")] }),
    posthogFlag("string", { ...variantsOf("blue"), groups: [planIs("gold")] }),
    posthogFlag("integer", {
      payloads: { true: String(2 ** 53 - 1) },
      groups: [planIs("none"), {}],
    }),
    posthogFlag("zero", { payloads: { true: "0" } }),
    posthogFlag("fraction", variantsOf("0.5")),
    posthogFlag("variants", variantsOf("a", "b")),
    posthogFlag("share", { groups: [{ properties: [], rollout_percentage: 99 }] }),
    posthogFlag("object", { payloads: { true: '{"n":[1]}' } }),
    posthogFlag("list", { payloads: { true: "[1]" } }),
    posthogFlag("blank", { payloads: { true: "{}" } }),
    posthogFlag("disabled", {}, { active: false }),
    posthogFlag("unresolved", {
      groups: [{ properties: [{ key: "x", value: "y", type: "person" }] }],
    }),
    posthogFlag("malformed", { groups: 5 }),
  ],
  group_type_mapping: {},
  cohorts: {},
};

/** The body of the part `flags` by dialect. */
export const PAYLOADS: Readonly<Record<"eppo" | "growthbook" | "amplitude" | "posthog", unknown>> =
  {
    eppo: EPPO,
    growthbook: GROWTHBOOK,
    amplitude: AMPLITUDE,
    posthog: POSTHOG,
  };
