import type { Random } from "@sortition/dialect-kit/differential";
import { OPERATORS, PAYLOADS } from "./values.js";

/** Features of a generated filter, condition or flag, by name. */
export type Edges = Set<string>;

/** A filter in the payload. */
export interface GeneratedFilter {
  readonly key: string;
  readonly [name: string]: unknown;
}

export interface GeneratedFlag {
  readonly key: string;
  readonly wire: Readonly<Record<string, unknown>>;
  /** Features of the flag. */
  readonly edges: Edges;
}

export interface GeneratedDefinitions {
  readonly flags: readonly GeneratedFlag[];
  readonly body: Readonly<Record<string, unknown>>;
  readonly evaluationContexts: readonly string[];
}

/** Names of the features that a set of definitions may have. */
export const EDGES: readonly string[] = [
  ...[
    "inactive",
    "no active",
    "continuity",
    "device",
    "odd bucketing",
    "group flag",
    "unknown group type",
  ],
  ...[
    "holdout",
    "holdout of all",
    "holdout without effect",
    "odd holdout",
    "early exit",
    "mixed condition",
  ],
  ...[
    "mixed unknown group",
    "condition for persons",
    "no conditions",
    "groups null",
    "no filters",
    "rollout null",
  ],
  ...[
    "rollout 0",
    "rollout part",
    "rollout all",
    "rollout above",
    "rollout below",
    "odd rollout",
    "variants",
  ],
  ...[
    "variants below 100",
    "variants above 100",
    "variant override",
    "unknown override",
    "multivariate null",
  ],
  ...[
    "payload",
    "no properties",
    "property",
    "person key",
    "group key",
    "negation",
    "cohort",
    "cohort not_in",
  ],
  ...[
    "missing cohort",
    "nested cohort",
    "cohort of flag",
    "mixed list",
    "empty group",
    "empty OR",
    "empty AND",
  ],
  ...["odd group type", "property group", "nested group", "flag dependency", "missing dependency"],
  ...[
    "circular dependency",
    "malformed chain",
    "odd expected value",
    "expected variant",
    "expected true",
  ],
  ...[
    "expected false",
    "long chain",
    "context of others",
    "context of ours",
    "tags of others",
    "experiment",
  ],
  ...["no experiment", "client runtime", "malformed condition", "key __proto__"],
  "repeated key",
];

const KEYS: readonly string[] = ["k1", "k2", "k3", "version", "seen"];
const COHORTS: readonly string[] = ["1", "2", "3", "4", "5"];
const GROUP_TYPES = { 0: "company", 1: "team" };

export function generateDefinitions(random: Random): GeneratedDefinitions {
  const flagKeys = random.times(random.integer(3, 7), (i) =>
    random.chance(0.02) ? "__proto__" : `flag-${i}`,
  );
  const keys = [...new Set(flagKeys)];
  const evaluationContexts = random.chance(0.2) ? ["web", "app"] : [];
  const cohortEdges: Edges = new Set();
  const cohorts = Object.fromEntries(
    COHORTS.slice(0, random.integer(0, 5)).map((id, i) => [
      id,
      generateGroup(random, cohortEdges, { keys, cohorts: COHORTS.slice(i + 1), depth: 0 }),
    ]),
  );
  const flagOf = (key: string, i: number): GeneratedFlag =>
    generateFlag(random, key, keys.slice(0, i), keys, cohortEdges);
  const flags = keys.map(flagOf);
  // Repeats keys. With contexts, the last relevant definition is used.
  const isRepeated = random.chance(evaluationContexts.length === 0 ? 0.02 : 0.5);
  const again = isRepeated ? keys.map(flagOf).filter(() => random.chance(0.5)) : [];
  for (const { edges } of again) edges.add("repeated key");
  flags.push(...again);
  return {
    flags,
    evaluationContexts,
    body: {
      flags: flags.map(({ wire }) => wire),
      group_type_mapping: GROUP_TYPES,
      cohorts,
      ...random.pick([
        {},
        {},
        { property_matching_version: 2 },
        { property_matching_version: 2 },
        { property_matching_version: 1 },
        { property_matching_version: "2" },
        { propertyMatchingVersion: 2 },
      ]),
    },
  };
}

interface Surroundings {
  /** Flags to which it may refer. */
  readonly keys: readonly string[];
  /** Cohorts to which it may refer. A cohort refers only to later ones, so there is no cycle. */
  readonly cohorts: readonly string[];
  readonly depth: number;
}

function generateFlag(
  random: Random,
  key: string,
  former: readonly string[],
  all: readonly string[],
  cohortEdges: Edges,
): GeneratedFlag {
  const edges: Edges = new Set();
  const mark = <T>(name: string, value: T): T => {
    edges.add(name);
    return value;
  };
  if (key === "__proto__") edges.add("key __proto__");
  const variants = generateVariants(random, mark);
  const surroundings = { keys: former, cohorts: [...COHORTS, "99"], depth: 0 };
  const conditions = random.times(random.deal("conditions", [0, 1, 1, 2, 2, 3]), () =>
    random.chance(0.02)
      ? mark("malformed condition", random.pick([null, { properties: [null] }]))
      : generateCondition(random, edges, surroundings, variants, mark),
  );
  if (conditions.length === 0) edges.add("no conditions");
  const filters = {
    groups: conditions.length === 0 && random.chance(0.3) ? mark("groups null", null) : conditions,
    ...(variants === undefined ? {} : { multivariate: variants }),
    ...(random.chance(0.5) ? mark("payload", { payloads: payloads(random, variants) }) : {}),
    ...dealOf(random, "aggregation", [
      ...Array.from({ length: 8 }, () => () => ({})),
      () => ({ aggregation_group_type_index: null }),
      () => mark("group flag", { aggregation_group_type_index: 0 }),
      () => mark("group flag", { aggregation_group_type_index: 1 }),
      () => mark("unknown group type", { aggregation_group_type_index: 7 }),
    ]),
    ...(random.chance(0.2) ? mark("early exit", { early_exit: true }) : {}),
    ...dealOf(random, "holdout", [
      ...Array.from({ length: 12 }, () => () => ({})),
      () => mark("holdout", { holdout: { id: 3, exclusion_percentage: 30 } }),
      () => mark("holdout", { holdout: { id: 3, exclusion_percentage: "50" } }),
      () => mark("holdout of all", { holdout: { id: 4, exclusion_percentage: 150 } }),
      () => mark("holdout without effect", { holdout: { id: 4, exclusion_percentage: -1 } }),
      () => mark("holdout without effect", { holdout: { id: null, exclusion_percentage: 100 } }),
      () => mark("odd holdout", { holdout: { id: 4, exclusion_percentage: "many" } }),
      () => mark("odd holdout", { holdout: 5 }),
    ]),
  };
  const wire = {
    id: all.indexOf(key) + 1,
    key,
    ...dealOf(random, "active", [
      ...Array.from({ length: 12 }, () => () => ({ active: true })),
      () => mark("inactive", { active: false }),
      () => mark("no active", {}),
    ]),
    ...(random.chance(0.05) ? mark("no filters", random.pick([{}, { filters: {} }])) : { filters }),
    ...(random.chance(0.04) ? mark("continuity", { ensure_experience_continuity: true }) : {}),
    ...dealOf(random, "bucketing", [
      ...Array.from({ length: 6 }, () => () => ({})),
      () => mark("device", { bucketing_identifier: "device_id" }),
      () => mark("device", { bucketing_identifier: "device_id" }),
      () =>
        mark("odd bucketing", {
          bucketing_identifier: random.pick(["", null, "distinct_id", "x"]),
        }),
    ]),
    ...dealOf(random, "contexts", [
      ...Array.from({ length: 6 }, () => () => ({})),
      () => mark("context of others", { evaluation_contexts: ["docs"] }),
      () => mark("context of ours", { evaluation_contexts: ["docs", "web"] }),
      () => mark("tags of others", { evaluation_tags: ["docs"] }),
    ]),
    ...dealOf(random, "experiment", [
      () => ({}),
      () => mark("experiment", { has_experiment: true }),
      () => mark("no experiment", { has_experiment: false }),
    ]),
    ...(random.chance(0.1) ? mark("client runtime", { evaluation_runtime: "client" }) : {}),
  };
  if (edges.has("cohort")) for (const edge of cohortEdges) edges.add(edge);
  return { key, wire, edges };
}

/** Executes one of the choices. A deck repeats a choice only after all others. */
function dealOf<T>(random: Random, deck: string, choices: readonly (() => T)[]): T {
  const index = random.deal(deck, [...choices.keys()]);
  return (choices[index] as () => T)(); // an index of the array
}

type Mark = <T>(name: string, value: T) => T;

interface Variants {
  readonly variants: readonly { readonly key: string; readonly rollout_percentage: number }[];
}

function generateVariants(random: Random, mark: Mark): Variants | null | undefined {
  return dealOf(random, "variants", [
    () => undefined,
    () => undefined,
    () => mark("multivariate null", null),
    () => mark("variants", variantsOf(50, 50)),
    () => mark("variants", variantsOf(33.3, 33.3, 33.4)),
    () => mark("variants below 100", variantsOf(10, 20)),
    () => mark("variants above 100", variantsOf(70, 70)),
    () => mark("variants", variantsOf(0, 100)),
  ]);
}

function variantsOf(...shares: readonly number[]): Variants {
  return {
    variants: shares.map((rollout_percentage, i) => ({ key: `v${i}`, rollout_percentage })),
  };
}

function payloads(random: Random, variants: Variants | null | undefined): object {
  const keys = ["true", "false", ...(variants?.variants ?? []).map(({ key }) => key)];
  return Object.fromEntries(keys.map((key) => [key, random.pick(PAYLOADS)]));
}

function generateCondition(
  random: Random,
  edges: Edges,
  surroundings: Surroundings,
  variants: Variants | null | undefined,
  mark: Mark,
): object {
  const count = random.deal("filters", [0, 1, 1, 1, 2, 3]);
  const properties = random.times(count, () => generateFilter(random, edges, surroundings));
  return {
    ...(count === 0
      ? mark("no properties", random.pick([{}, { properties: null }, { properties: [] }]))
      : { properties }),
    ...dealOf(random, "rollout", [
      () => ({}),
      () => mark("rollout null", { rollout_percentage: null }),
      () => mark("rollout 0", { rollout_percentage: 0 }),
      () => mark("rollout part", { rollout_percentage: 50 }),
      () => mark("rollout part", { rollout_percentage: 33.3 }),
      () => mark("rollout all", { rollout_percentage: 100 }),
      () => mark("rollout all", { rollout_percentage: 100 }),
      () => mark("rollout above", { rollout_percentage: 150 }),
      () => mark("rollout below", { rollout_percentage: -5 }),
      () => mark("odd rollout", { rollout_percentage: random.pick(["50", true, [40], "x", {}]) }),
    ]),
    ...dealOf(random, "override", [
      () => ({}),
      () => ({}),
      () => ({ variant: null }),
      () => (variants ? mark("variant override", { variant: "v1" }) : { variant: "" }),
      () => mark("unknown override", { variant: "other" }),
    ]),
    ...dealOf(random, "mixed", [
      ...Array.from({ length: 6 }, () => () => ({})),
      () => mark("condition for persons", { aggregation_group_type_index: null }),
      () => mark("mixed condition", { aggregation_group_type_index: 0 }),
      () => mark("mixed condition", { aggregation_group_type_index: 1 }),
      () => mark("mixed unknown group", { aggregation_group_type_index: 9 }),
    ]),
  };
}

function generateFilter(random: Random, edges: Edges, within: Surroundings): GeneratedFilter {
  const mark: Mark = (name, value) => {
    edges.add(name);
    return value;
  };
  const kind = random.chance(0.25) ? random.deal("kind", ["cohort", "flag"]) : "property";
  const negation =
    random.chance(0.4) && within.depth > 0 ? mark("negation", { negation: true }) : {};
  if (kind === "cohort") {
    const id = random.pick(within.cohorts.length === 0 ? ["99"] : within.cohorts);
    mark(id === "99" ? "missing cohort" : "cohort", id);
    if (within.depth > 0) mark("nested cohort", id);
    const not = random.chance(0.25) ? mark("cohort not_in", { operator: "not_in" }) : {};
    const value = random.chance(0.5) ? Number(id) : id;
    return { key: "id", type: "cohort", value, ...not, ...negation };
  }
  if (kind === "flag") {
    if (within.depth > 0) mark("cohort of flag", 0);
    return { ...generateDependency(random, within, mark), ...negation };
  }
  const operator = random.deal("operator", [...OPERATORS.keys()]);
  mark("property", operator);
  const key = random.chance(0.1)
    ? random.pick([
        mark("person key", "distinct_id"),
        mark("group key", "$group_key"),
        "toString",
        "$groups",
      ])
    : random.pick(KEYS);
  return {
    key,
    type: random.pick(["person", "group"]),
    ...(operator === "" ? random.pick([{}, { operator: null }, { operator: "" }]) : { operator }),
    value: random.deal(`value of ${operator}`, OPERATORS.get(operator) ?? []),
    ...negation,
  };
}

function generateDependency(random: Random, { keys }: Surroundings, mark: Mark): GeneratedFilter {
  const [first = "flag-0", second = "flag-0"] = [keys.at(-1), keys.at(-2)];
  const target = random.chance(0.7) ? first : second;
  const chain = dealOf(random, "chain", [
    ...Array.from({ length: 5 }, () => () => mark("flag dependency", [target])),
    () => mark("long chain", [...keys, target]),
    () => mark("missing dependency", ["flag-99", target]),
    () => mark("circular dependency", []),
    () => mark("malformed chain", random.pick(["flag-0", null, undefined, {}])),
  ]);
  const value = dealOf<unknown>(random, "expected", [
    () => mark("expected true", true),
    () => mark("expected false", false),
    () => mark("expected variant", "v1"),
    () => mark("odd expected value", random.pick([5, null, ["v1"], "true", ""])),
  ]);
  // A flag depends only on earlier ones, because the vendor's SDK never returns from a cycle.
  const known = keys.length === 0 ? { dependency_chain: ["flag-99"] } : { dependency_chain: chain };
  return { key: target, type: "flag", operator: "flag_evaluates_to", value, ...known };
}

function generateGroup(random: Random, edges: Edges, within: Surroundings): object {
  const mark: Mark = (name, value) => {
    edges.add(name);
    return value;
  };
  const inner = { ...within, depth: within.depth + 1 };
  const type = random.pick(["AND", "OR"]);
  // Filters on flags refer to no flag of the set, because a flag that depends on another one by a cohort could be that
  // flag.
  const leaf = (): unknown => generateFilter(random, edges, { ...inner, keys: [] });
  const group = (): unknown => generateGroup(random, edges, inner);
  const count = random.integer(1, 3);
  const isDeep = within.depth >= 3;
  return dealOf(random, isDeep ? "deep group" : "group", [
    () => ({ type, values: random.times(count, leaf) }),
    () => ({ type, values: random.times(count, leaf) }),
    () => mark("empty group", {}),
    () => mark(type === "OR" ? "empty OR" : "empty AND", { type, values: [] }),
    ...(isDeep
      ? []
      : [
          () => mark("nested group", { type, values: random.times(count, group) }),
          () => mark("nested group", { type, values: random.times(count, group) }),
          () => mark("mixed list", { type, values: [group(), leaf()] }),
          () => mark("mixed list", { type, values: [leaf(), group()] }),
          () => mark("property group", { type: "property", values: [leaf()] }),
          () =>
            mark("odd group type", { type: random.pick(["NOT", "and", null]), values: [leaf()] }),
        ]),
  ]);
}
