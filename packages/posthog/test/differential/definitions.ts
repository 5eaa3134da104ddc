import type { Random } from "@sortition/dialect-kit/differential";
import { OPERATORS, PAYLOADS } from "./values.js";

/** A filter in the payload. */
export interface GeneratedFilter {
  readonly key: string;
  readonly [name: string]: unknown;
}

export interface GeneratedFlag {
  readonly key: string;
  readonly wire: Readonly<Record<string, unknown>>;
}

export interface GeneratedDefinitions {
  readonly flags: readonly GeneratedFlag[];
  readonly body: Readonly<Record<string, unknown>>;
  readonly evaluationContexts: readonly string[];
}

const KEYS: readonly string[] = ["k1", "k2", "k3", "version", "seen"];
const COHORTS: readonly string[] = ["1", "2", "3", "4", "5"];
const GROUP_TYPES = { 0: "company", 1: "team" };

export function generateDefinitions(random: Random): GeneratedDefinitions {
  const flagKeys = random.times(random.integer(3, 7), (i) =>
    random.chance(0.02) ? "__proto__" : `flag-${i}`,
  );
  const keys = [...new Set(flagKeys)];
  const evaluationContexts = random.chance(0.2) ? ["web", "app"] : [];
  const cohorts = Object.fromEntries(
    COHORTS.slice(0, random.integer(0, 5)).map((id, i) => [
      id,
      generateGroup(random, { keys, cohorts: COHORTS.slice(i + 1), depth: 0 }),
    ]),
  );
  const flagOf = (key: string, i: number): GeneratedFlag =>
    generateFlag(random, key, keys.slice(0, i), keys);
  const flags = keys.map(flagOf);
  // Repeats keys. With contexts, the last relevant definition is used.
  const isRepeated = random.chance(evaluationContexts.length === 0 ? 0.02 : 0.5);
  const again = isRepeated ? keys.map(flagOf).filter(() => random.chance(0.5)) : [];
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
): GeneratedFlag {
  const variants = generateVariants(random);
  const surroundings = { keys: former, cohorts: [...COHORTS, "99"], depth: 0 };
  const conditions = random.times(random.deal("conditions", [0, 1, 1, 2, 2, 3]), () =>
    random.chance(0.02)
      ? random.pick([null, { properties: [null] }])
      : generateCondition(random, surroundings, variants),
  );
  const filters = {
    groups: conditions.length === 0 && random.chance(0.3) ? null : conditions,
    ...(variants === undefined ? {} : { multivariate: variants }),
    ...(random.chance(0.5) ? { payloads: payloads(random, variants) } : {}),
    ...dealOf(random, "aggregation", [
      ...Array.from({ length: 8 }, () => () => ({})),
      () => ({ aggregation_group_type_index: null }),
      () => ({ aggregation_group_type_index: 0 }),
      () => ({ aggregation_group_type_index: 1 }),
      () => ({ aggregation_group_type_index: 7 }),
    ]),
    ...(random.chance(0.2) ? { early_exit: true } : {}),
    ...dealOf(random, "holdout", [
      ...Array.from({ length: 12 }, () => () => ({})),
      () => ({ holdout: { id: 3, exclusion_percentage: 30 } }),
      () => ({ holdout: { id: 3, exclusion_percentage: "50" } }),
      () => ({ holdout: { id: 4, exclusion_percentage: 150 } }),
      () => ({ holdout: { id: 4, exclusion_percentage: -1 } }),
      () => ({ holdout: { id: null, exclusion_percentage: 100 } }),
      () => ({ holdout: { id: 4, exclusion_percentage: "many" } }),
      () => ({ holdout: 5 }),
    ]),
  };
  const wire = {
    id: all.indexOf(key) + 1,
    key,
    ...dealOf(random, "active", [
      ...Array.from({ length: 12 }, () => () => ({ active: true })),
      () => ({ active: false }),
      () => ({}),
    ]),
    ...(random.chance(0.05) ? random.pick([{}, { filters: {} }]) : { filters }),
    ...(random.chance(0.04) ? { ensure_experience_continuity: true } : {}),
    ...dealOf(random, "bucketing", [
      ...Array.from({ length: 6 }, () => () => ({})),
      () => ({ bucketing_identifier: "device_id" }),
      () => ({ bucketing_identifier: "device_id" }),
      () => ({ bucketing_identifier: random.pick(["", null, "distinct_id", "x"]) }),
    ]),
    ...dealOf(random, "contexts", [
      ...Array.from({ length: 6 }, () => () => ({})),
      () => ({ evaluation_contexts: ["docs"] }),
      () => ({ evaluation_contexts: ["docs", "web"] }),
      () => ({ evaluation_tags: ["docs"] }),
    ]),
    ...dealOf(random, "experiment", [
      () => ({}),
      () => ({ has_experiment: true }),
      () => ({ has_experiment: false }),
    ]),
    ...(random.chance(0.1) ? { evaluation_runtime: "client" } : {}),
  };
  return { key, wire };
}

/** Executes one of the choices. A deck repeats a choice only after all others. */
function dealOf<T>(random: Random, deck: string, choices: readonly (() => T)[]): T {
  const index = random.deal(deck, [...choices.keys()]);
  return (choices[index] as () => T)(); // an index of the array
}

interface Variants {
  readonly variants: readonly { readonly key: string; readonly rollout_percentage: number }[];
}

function generateVariants(random: Random): Variants | null | undefined {
  return dealOf(random, "variants", [
    () => undefined,
    () => undefined,
    () => null,
    () => variantsOf(50, 50),
    () => variantsOf(33.3, 33.3, 33.4),
    () => variantsOf(10, 20),
    () => variantsOf(70, 70),
    () => variantsOf(0, 100),
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
  surroundings: Surroundings,
  variants: Variants | null | undefined,
): object {
  const count = random.deal("filters", [0, 1, 1, 1, 2, 3]);
  const properties = random.times(count, () => generateFilter(random, surroundings));
  return {
    ...(count === 0 ? random.pick([{}, { properties: null }, { properties: [] }]) : { properties }),
    ...dealOf(random, "rollout", [
      () => ({}),
      () => ({ rollout_percentage: null }),
      () => ({ rollout_percentage: 0 }),
      () => ({ rollout_percentage: 50 }),
      () => ({ rollout_percentage: 33.3 }),
      () => ({ rollout_percentage: 100 }),
      () => ({ rollout_percentage: 100 }),
      () => ({ rollout_percentage: 150 }),
      () => ({ rollout_percentage: -5 }),
      () => ({ rollout_percentage: random.pick(["50", true, [40], "x", {}]) }),
    ]),
    ...dealOf(random, "override", [
      () => ({}),
      () => ({}),
      () => ({ variant: null }),
      () => (variants ? { variant: "v1" } : { variant: "" }),
      () => ({ variant: "other" }),
    ]),
    ...dealOf(random, "mixed", [
      ...Array.from({ length: 6 }, () => () => ({})),
      () => ({ aggregation_group_type_index: null }),
      () => ({ aggregation_group_type_index: 0 }),
      () => ({ aggregation_group_type_index: 1 }),
      () => ({ aggregation_group_type_index: 9 }),
    ]),
  };
}

function generateFilter(random: Random, within: Surroundings): GeneratedFilter {
  const kind = random.chance(0.25) ? random.deal("kind", ["cohort", "flag"]) : "property";
  const negation = random.chance(0.4) && within.depth > 0 ? { negation: true } : {};
  if (kind === "cohort") {
    const id = random.pick(within.cohorts.length === 0 ? ["99"] : within.cohorts);
    const not = random.chance(0.25) ? { operator: "not_in" } : {};
    const value = random.chance(0.5) ? Number(id) : id;
    return { key: "id", type: "cohort", value, ...not, ...negation };
  }
  if (kind === "flag") return { ...generateDependency(random, within), ...negation };
  const operator = random.deal("operator", [...OPERATORS.keys()]);
  const key = random.chance(0.1)
    ? random.pick(["distinct_id", "$group_key", "toString", "$groups"])
    : random.pick(KEYS);
  return {
    key,
    type: random.pick(["person", "group"]),
    ...(operator === "" ? random.pick([{}, { operator: null }, { operator: "" }]) : { operator }),
    value: random.deal(`value of ${operator}`, OPERATORS.get(operator) ?? []),
    ...negation,
  };
}

function generateDependency(random: Random, { keys }: Surroundings): GeneratedFilter {
  const [first = "flag-0", second = "flag-0"] = [keys.at(-1), keys.at(-2)];
  const target = random.chance(0.7) ? first : second;
  const chain = dealOf(random, "chain", [
    ...Array.from({ length: 5 }, () => () => [target]),
    () => [...keys, target],
    () => ["flag-99", target],
    () => [],
    () => random.pick(["flag-0", null, undefined, {}]),
  ]);
  const value = dealOf<unknown>(random, "expected", [
    () => true,
    () => false,
    () => "v1",
    () => random.pick([5, null, ["v1"], "true", ""]),
  ]);
  // A flag depends only on earlier ones, because the vendor's SDK never returns from a cycle.
  const known = keys.length === 0 ? { dependency_chain: ["flag-99"] } : { dependency_chain: chain };
  return { key: target, type: "flag", operator: "flag_evaluates_to", value, ...known };
}

function generateGroup(random: Random, within: Surroundings): object {
  const inner = { ...within, depth: within.depth + 1 };
  const type = random.pick(["AND", "OR"]);
  // Filters on flags refer to no flag of the set, because a flag that depends on another one by a cohort could be that
  // flag.
  const leaf = (): unknown => generateFilter(random, { ...inner, keys: [] });
  const group = (): unknown => generateGroup(random, inner);
  const count = random.integer(1, 3);
  const isDeep = within.depth >= 3;
  return dealOf(random, isDeep ? "deep group" : "group", [
    () => ({ type, values: random.times(count, leaf) }),
    () => ({ type, values: random.times(count, leaf) }),
    () => ({}),
    () => ({ type, values: [] }),
    ...(isDeep
      ? []
      : [
          () => ({ type, values: random.times(count, group) }),
          () => ({ type, values: random.times(count, group) }),
          () => ({ type, values: [group(), leaf()] }),
          () => ({ type, values: [leaf(), group()] }),
          () => ({ type: "property", values: [leaf()] }),
          () => ({ type: random.pick(["NOT", "and", null]), values: [leaf()] }),
        ]),
  ]);
}
