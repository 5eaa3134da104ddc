/** A half-open range of a layer, in percent. */
export type LayerRange = readonly [start: number, end: number];

/** Two flags, `a` and `b`, that share subjects. */
export interface SharedFlags {
  /** The parts of a layer that belong to `a` and `b`; `null`: none. */
  readonly layer: readonly [LayerRange, LayerRange] | null;
  /** Percentage of subjects that are held out of both flags; `null`: there is no holdout. */
  readonly heldOut: number | null;
  /** Whether only `a` has the holdout. Default: false. */
  readonly isForOne?: boolean;
}

/** What a vendor's payload can express. */
export interface SharedFormat {
  readonly vendor: string;
  /** What keeps flags apart, as the documentation says it; `null`: the payload does not contain it. */
  readonly layers: string | null;
  /** What a holdout is; `null`: the payload does not contain holdouts, or not as such. */
  readonly holdouts: string | null;
  payloadOf(flags: SharedFlags): string;
}

const KEYS = ["a", "b"] as const;
const CONTROL = { arm: "control" };
const TREATMENT = { arm: "treatment" };

function hasHoldout({ heldOut, isForOne = false }: SharedFlags, key: string): boolean {
  return heldOut !== null && (!isForOne || key === "a");
}

/** The range of a flag in a layer; everyone without a layer. */
function rangeOf({ layer }: SharedFlags, i: number): LayerRange {
  return layer?.[i] ?? [0, 100];
}

function ufc(
  ofFlag: object,
  ofShard: object,
  hasHoldouts: boolean,
  root: object,
  json: (value: object) => unknown,
) {
  return (shared: SharedFlags): string => {
    const shard = (salt: string, start: number, end: number): object => {
      return { salt, ranges: [{ start: start * 100, end: end * 100 }], ...ofShard };
    };
    const flags = KEYS.map((key, i) => {
      const [start, end] = rangeOf(shared, i);
      const inLayer = shared.layer === null ? [] : [shard("layer", start, end)];
      const split = (variationKey: string, from: number, to: number): object => {
        return { variationKey, shards: [...inLayer, shard(key, from, to)] };
      };
      const extraLogging = { holdoutKey: "q1", holdoutVariation: "status_quo" };
      const held = {
        ...{ key: "held", doLog: true },
        splits: [
          { variationKey: "control", shards: [shard("q1", 0, shared.heldOut ?? 0)], extraLogging },
        ],
      };
      const experiment = {
        ...{ key: "experiment", doLog: true },
        splits: [split("control", 0, 50), split("treatment", 50, 100)],
      };
      const variations = {
        control: { key: "control", value: json(CONTROL) },
        treatment: { key: "treatment", value: json(TREATMENT) },
      };
      const flag = {
        ...{ key, enabled: true, variationType: "JSON", ...ofFlag, variations },
        allocations: hasHoldouts && hasHoldout(shared, key) ? [held, experiment] : [experiment],
      };
      return [key, flag];
    });
    return JSON.stringify({ ...root, flags: Object.fromEntries(flags) });
  };
}

const TOTAL = { totalShards: 10_000 };
const ROOT = {
  createdAt: "2026-01-01T00:00:00.000Z",
  format: "SERVER",
  environment: { name: "Test" },
};

const eppo = ufc(TOTAL, {}, true, ROOT, JSON.stringify);
const datadog = ufc({}, TOTAL, false, ROOT, (it) => it);

const HOLDOUT = "$holdout:q1";

function growthbook(placeOf: (range: LayerRange) => object) {
  return (shared: SharedFlags): string => {
    const features = KEYS.map((key, i) => {
      const place = shared.layer === null ? {} : placeOf(rangeOf(shared, i));
      const rule = { id: "experiment", key, variations: [CONTROL, TREATMENT], ...place };
      const parentConditions = [{ id: HOLDOUT, condition: { value: "holdoutcontrol" } }];
      const held = { id: "held", parentConditions, force: CONTROL };
      return [key, { defaultValue: {}, rules: hasHoldout(shared, key) ? [held, rule] : [rule] }];
    });
    // A holdout compares the subjects whom it holds out with as many others.
    const holdout = {
      defaultValue: "genpop",
      rules: [
        {
          ...{ id: "holdout", key: "q1", seed: "q1", hashAttribute: "id", hashVersion: 2 },
          ...{ variations: ["holdoutcontrol", "holdouttreatment"], weights: [0.5, 0.5] },
          coverage: (2 * (shared.heldOut ?? 0)) / 100,
        },
      ],
    };
    const all = shared.heldOut === null ? features : [[HOLDOUT, holdout], ...features];
    return JSON.stringify({ features: Object.fromEntries(all) });
  };
}

const DISTRIBUTIONS = 42_949_672;

function amplitude(shared: SharedFlags): string {
  const bucket = (salt: string, range: LayerRange, variants: readonly string[]): object => ({
    ...{ selector: ["context", "user", "user_id"], salt },
    allocations: [
      {
        range,
        distributions: variants.map((variant, i) => {
          const part = DISTRIBUTIONS / variants.length;
          return { variant, range: [Math.floor(i * part), Math.floor((i + 1) * part)] };
        }),
      },
    ],
  });
  const slot = (name: string, range: LayerRange): object => {
    return { metadata: { segmentName: name }, bucket: bucket("group", range, [name]) };
  };
  const none = { key: "none", metadata: { default: true } };
  // The slot of an overlap is both flags'.
  const [a, b] = [rangeOf(shared, 0), rangeOf(shared, 1)];
  const group = {
    key: "group",
    variants: Object.fromEntries<object>([
      ...["slot-both", "slot-a", "slot-b"].map((key) => [key, { key, value: key }] as const),
      ["none", none],
    ]),
    segments: [
      slot("slot-both", [Math.max(a[0], b[0]), Math.max(a[0], b[0], Math.min(a[1], b[1]))]),
      slot("slot-a", a),
      slot("slot-b", b),
      { variant: "none" },
    ],
  };
  const isEmpty = Math.max(a[0], b[0]) >= Math.min(a[1], b[1]);
  const segments = isEmpty ? group.segments.slice(1) : group.segments;
  const holdout = {
    ...{ key: "q1", metadata: { flagType: "holdout-group", deployed: false } },
    variants: { holdout: { key: "holdout" }, on: { key: "on" } },
    segments: [{ bucket: bucket("q1", [0, shared.heldOut ?? 0], ["holdout"]) }, { variant: "on" }],
  };
  const others = [
    ...(shared.layer === null ? [] : [{ ...group, segments }]),
    ...(shared.heldOut === null ? [] : [holdout]),
  ];
  const flags = KEYS.map((key) => {
    const values = ["slot-both", `slot-${key}`];
    const other = (flag: string, results: readonly string[]): object => {
      return { selector: ["result", flag, "key"], op: "is not", values: results };
    };
    // The same segment is for those outside the slot and for those in the holdout.
    const conditions = [
      ...(shared.layer === null ? [] : [[other("group", values)]]),
      ...(hasHoldout(shared, key) ? [[other("q1", ["on"])]] : []),
    ];
    const outside = {
      metadata: { segmentName: "flag-dependencies" },
      ...{ conditions, variant: "off" },
    };
    return {
      ...{ key, dependencies: others.map((it) => it.key) },
      variants: {
        control: { key: "control", payload: CONTROL },
        treatment: { key: "treatment", payload: TREATMENT },
        off: { key: "off", metadata: { default: true } },
      },
      segments: [
        ...(conditions.length === 0 ? [] : [outside]),
        {
          metadata: { segmentName: "experiment" },
          bucket: bucket(key, [0, 100], ["control", "treatment"]),
        },
      ],
    };
  });
  return JSON.stringify([...others, ...flags.map((it) => (isEmpty ? withoutBoth(it) : it))]);
}

/** Removes the slot of an overlap from a flag. */
function withoutBoth<T>(flag: T): T {
  return JSON.parse(JSON.stringify(flag).replaceAll('"slot-both",', "")) as T;
}

function posthog(shared: SharedFlags): string {
  const variants = ["control", "treatment"].map((key) => ({ key, rollout_percentage: 50 }));
  const flags = KEYS.map((key, i) => ({
    ...{ id: i + 1, key, active: true },
    filters: {
      groups: [{ properties: [], rollout_percentage: 100 }],
      multivariate: { variants },
      payloads: { control: JSON.stringify(CONTROL), treatment: JSON.stringify(TREATMENT) },
      ...(hasHoldout(shared, key)
        ? { holdout: { id: 1, exclusion_percentage: shared.heldOut } }
        : {}),
    },
  }));
  return JSON.stringify({ flags, group_type_mapping: {}, cohorts: {} });
}

function launchdarkly(shared: SharedFlags): string {
  const rollout = (shares: readonly number[]): object => ({
    rollout: {
      contextKind: "user",
      variations: shares.map((share, variation) => ({ variation, weight: share * 1_000 })),
    },
  });
  const common = (key: string): object => ({ key, version: 1, on: true, salt: key });
  const [a, b] = [rangeOf(shared, 0), rangeOf(shared, 1)];
  const isApart = a[1] <= b[0];
  // Flags that overlap require the same variation of the layer.
  const layer = {
    ...common("layer"),
    variations: ["none", "a", "b"],
    fallthrough: rollout([100 - (a[1] - a[0]) - (b[1] - b[0]), a[1] - a[0], b[1] - b[0]]),
  };
  const flags = KEYS.map((key, i) => {
    const variation = isApart ? i + 1 : 1;
    const flag = {
      ...common(key),
      variations: [CONTROL, TREATMENT, {}],
      offVariation: 2,
      prerequisites: shared.layer === null ? [] : [{ key: "layer", variation }],
      fallthrough: rollout([50, 50]),
    };
    return [key, flag];
  });
  const all = shared.layer === null ? flags : [["layer", layer], ...flags];
  return JSON.stringify({ flags: Object.fromEntries(all), segments: {} });
}

function statsig(isLegacy: boolean) {
  return (shared: SharedFlags): string => {
    const known: Record<string, object> = {};
    const condition = (members: object): unknown => {
      const wire = {
        ...{ type: "user_bucket", operator: "any", field: null, additionalValues: {} },
        ...{ idType: "userID", ...members },
      };
      if (isLegacy) return wire;
      const name = String(Object.keys(known).length);
      known[name] = wire;
      return name;
    };
    const buckets = ([start, end]: LayerRange): readonly number[] =>
      Array.from({ length: (end - start) * 10 }, (_, i) => start * 10 + i);
    const RULE = { salt: "r", idType: "userID", passPercentage: 100 };
    const spec = (name: string, entity: string, members: object): object => ({
      ...{ name, type: "dynamic_config", salt: name, enabled: true, idType: "userID", entity },
      ...{ isActive: true, ...members },
    });
    const gates = [
      spec("q1", "holdout", {
        type: "feature_gate",
        defaultValue: false,
        rules: [
          {
            ...{ ...RULE, id: "held", name: "held", passPercentage: shared.heldOut ?? 0 },
            ...{ conditions: [condition({ type: "public" })], returnValue: true },
          },
        ],
      }),
    ];
    const configs = KEYS.map((key, i) => {
      const held = {
        ...{ ...RULE, id: "holdout", name: "holdout", returnValue: CONTROL },
        conditions: [condition({ type: "pass_gate", targetValue: "q1" })],
      };
      const targetValue = buckets(rangeOf(shared, i));
      const layer = { ...RULE, id: "layerAssignment", name: "layerAssignment", returnValue: {} };
      const outside = {
        ...layer,
        conditions: [
          condition({ operator: "none", targetValue, additionalValues: { salt: "layer" } }),
        ],
      };
      const group = (name: string, end: number, returnValue: object): object => ({
        ...{ ...RULE, id: name, name, groupName: name, isExperimentGroup: true, returnValue },
        conditions: [
          condition({ operator: "lt", targetValue: end, additionalValues: { salt: key } }),
        ],
      });
      return spec(key, "experiment", {
        defaultValue: {},
        rules: [
          ...(hasHoldout(shared, key) ? [held] : []),
          ...(shared.layer === null ? [] : [outside]),
          group("control", 500, CONTROL),
          group("treatment", 1_000, TREATMENT),
        ],
      });
    });
    const list = (specs: readonly object[]): object =>
      isLegacy ? specs : Object.fromEntries(specs.map((it) => [(it as { name: string }).name, it]));
    const own = isLegacy
      ? { layers: {} }
      : { condition_map: known, experiment_to_layer: {}, response_format: "dcs-v2" };
    return JSON.stringify({
      ...{ has_updates: true, time: 1_700_000_000_000, ...own },
      ...{ feature_gates: list(gates), dynamic_configs: list(configs), layer_configs: list([]) },
    });
  };
}

/** The formats of a vendor, which differ in how they place a flag in a layer. */
function formats(
  vendor: string,
  layers: string | null,
  holdouts: string | null,
  ...payloads: readonly SharedFormat["payloadOf"][]
): readonly SharedFormat[] {
  return payloads.map((payloadOf) => ({ vendor, layers, holdouts, payloadOf }));
}

const STATSIG = ["Statsig", "the buckets of a layer", "rules that read a holdout"] as const;
const SALTS = "shards with the same salt and different ranges";

/** How each dialect of the command expresses flags that share subjects. */
export const SHARED_FORMATS: Readonly<Record<string, readonly SharedFormat[]>> = {
  eppo: formats(
    "Eppo",
    `${SALTS}, as in a layer`,
    'allocations whose splits log `holdoutVariation: "status_quo"`',
    eppo,
  ),
  growthbook: formats(
    "GrowthBook",
    "namespaces, filters, prerequisites that require different values",
    "rules that require the value `holdoutcontrol` of a feature `$holdout:…`",
    growthbook(([start, end]) => ({ namespace: ["layer", start / 100, end / 100] })),
    growthbook(([start, end]) => ({
      filters: [{ seed: "layer", ranges: [[start / 100, end / 100]], attribute: "id" }],
    })),
  ),
  amplitude: formats(
    "Amplitude",
    "mutual exclusion groups: conditions on the result of another flag",
    'holdout groups: segments for users whose result of a flag with `flagType: "holdout-group"` is not `on`',
    amplitude,
  ),
  posthog: formats("PostHog", null, "`filters.holdout`", posthog),
  datadog: formats("Datadog", SALTS, null, datadog),
  launchdarkly: formats(
    "LaunchDarkly",
    "prerequisites that require different variations",
    null,
    launchdarkly,
  ),
  statsig: formats(...STATSIG, statsig(false)),
  "statsig-legacy": formats(...STATSIG, statsig(true)),
};

/** Why there are no holdouts, if the payload contains them without a mark. */
const UNMARKED = "not marked: the payload contains them as ordinary prerequisites";

/** The vendors, what keeps their flags apart, and what their holdouts are, for the documentation. */
export function sharedTable(): readonly (readonly string[])[] {
  return Object.entries(SHARED_FORMATS).flatMap(([name, [it]]) => {
    const unmarked = name === "launchdarkly" ? UNMARKED : "–";
    return it === undefined || name === "statsig-legacy"
      ? []
      : [[it.vendor, it.layers ?? "–", it.holdouts ?? unmarked]];
  });
}
