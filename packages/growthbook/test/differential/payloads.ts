import type { Random } from "@sortition/dialect-kit/differential";
import { generateCondition, generatePlainCondition } from "./conditions.js";
import { anyValue } from "./values.js";

/** A payload in the format of the vendor's API. */
export interface Payload {
  readonly features: Record<string, unknown>;
  readonly savedGroups?: Record<string, unknown>;
  readonly contextualBandits?: Record<string, unknown>;
}

type Members = Record<string, unknown>;

/** Keys of features. Each may name the others as prerequisites. */
export const FEATURES: readonly string[] = ["one", "two", "three", "four", "five", "six"];
export const EXPERIMENTS: readonly string[] = ["exp-a", "exp-b", "exp-c"];

/** Faults that a generator may put into a rule. They are counted by name. */
export const FAULTS: Readonly<Record<string, (random: Random) => unknown>> = {
  "rules: no list": () => ({ rules: 5 }),
  "rules: an object": () => ({ rules: {} }),
  "rules: a string": () => ({ rules: "ab" }),
  "rules: empty string": () => ({ rules: "", defaultValue: 1 }),
  "rule: null": () => ({ rules: [null] }),
  "rule: a scalar": () => ({ rules: [7] }),
  "rule: a list": () => ({ rules: [[]], defaultValue: 1 }),
  "parents: no list": () => rule({ parentConditions: 5, force: 1 }),
  "parents: null in it": () => rule({ parentConditions: [null], force: 1 }),
  "parents: a string": () => rule({ parentConditions: "ab", force: 1 }),
  "parents: scalars": () => rule({ parentConditions: [5, {}], force: 1 }),
  "filters: no list": () => rule({ filters: 5, force: 1 }),
  "filters: a string": () => rule({ filters: "x", force: 1 }),
  "filters: null in it": () => rule({ filters: [null], force: 1 }),
  "filters: scalar in it": () => rule({ filters: [5], force: 1 }),
  "filters: no ranges": () => rule({ filters: [{ seed: "s" }], force: 1 }),
  "filters: odd ranges": () => rule({ filters: [{ seed: "s", ranges: [5, null] }], force: 1 }),
  "tracks: no list": () => rule({ tracks: 5, force: 1 }),
  "tracks: null in it": () => rule({ tracks: [null], force: 1 }),
  "meta: no entry": () => rule({ variations: [1, 2], meta: [] }),
  "meta: one entry": () => rule({ variations: [1, 2], meta: [{ key: "a" }] }),
  "meta: a string": () => rule({ variations: [1, 2], meta: "ab" }),
  "condition: a number": () => rule({ condition: 5, force: 1 }),
  "condition: a string": () => rule({ condition: "ab", force: 1 }),
  "condition: null in it": () => rule({ condition: { $not: null }, force: 1 }),
  "variations: a string": () => rule({ variations: "ab" }),
  "variations: a number": () => rule({ variations: 5 }),
  "variations: one": () => rule({ variations: [1] }),
  "ranges: a number": () => rule({ variations: [1, 2], ranges: 5 }),
  "ranges: null in it": () => rule({ variations: [1, 2], ranges: [[0, 0.3], null] }),
  "ranges: odd": () => rule({ variations: [1, 2], ranges: [["0", "0.5"], "ab"] }),
  "namespace: a number": () => rule({ variations: [1, 2], namespace: 5 }),
  "namespace: odd": () => rule({ variations: [1, 2], namespace: ["n", "0", null] }),
  "weights: a number": () => rule({ variations: [1, 2], weights: 5 }),
  "weights: a string": () => rule({ variations: [1, 2], weights: "ab" }),
  "weights: odd": () => rule({ variations: [1, 2], weights: ["a", null] }),
  "coverage: null": () => rule({ variations: [1, 2], coverage: null }),
  "coverage: null, forced": () => rule({ force: 1, coverage: null }),
  "coverage: a string": () => rule({ variations: [1, 2], coverage: "0.5" }),
  "seed: a number": () => rule({ variations: [1, 2], seed: 5, hashVersion: 2 }),
  "key: a number": () => rule({ variations: [1, 2], key: 5 }),
  "id: a number": () => rule({ id: 5, force: 1 }),
  "hashVersion: unknown": () => rule({ variations: [1, 2], hashVersion: 3 }),
  "hashVersion: a string": () => rule({ variations: [1, 2], hashVersion: "2" }),
  "hashAttribute: a number": () => rule({ variations: [1, 2], hashAttribute: 5 }),
  "feature: null": () => null,
  "feature: a number": () => 5,
  "feature: a string": () => "on",
  "feature: a list": () => [],
  "feature: empty": () => ({}),
};

function rule(members: Members): Members {
  return { defaultValue: "default", rules: [members] };
}

/** Number of conditions per payload. */
export const CONDITIONS = 12;

/** A payload, and its faults by feature. */
export interface GeneratedPayload {
  readonly payload: Payload;
  /** Conditions to test separately, in addition to those in rules. */
  readonly conditions: readonly unknown[];
  readonly faults: ReadonlyMap<string, string>;
}

export function generatePayload(random: Random): GeneratedPayload {
  const faults = new Map<string, string>();
  const features: Members = {};
  for (const key of FEATURES) {
    const isBroken = random.chance(0.25);
    const fault = isBroken ? random.deal("faults", Object.keys(FAULTS)) : null;
    if (fault !== null) faults.set(key, fault);
    features[key] = fault === null ? generateFeature(random) : FAULTS[fault]?.(random);
  }
  return {
    faults,
    conditions: random.times(CONDITIONS, (i) =>
      i % 2 === 0 ? generatePlainCondition(random) : generateCondition(random),
    ),
    payload: {
      features,
      ...(random.chance(0.9) ? { savedGroups: generateGroups(random) } : {}),
      ...(random.chance(0.9) ? { contextualBandits: generateBandits(random) } : {}),
    },
  };
}

function generateFeature(random: Random): Members {
  const rules = random.times(random.integer(0, 3), () => generateRule(random));
  return {
    ...(random.chance(0.9) ? { defaultValue: anyValue(random) } : {}),
    ...(random.chance(0.9) ? { rules } : {}),
  };
}

function generateRule(random: Random): Members {
  const common: Members = {
    ...(random.chance(0.6) ? { id: `rule-${random.integer(1, 9)}` } : {}),
    ...(random.chance(0.4) ? { condition: generateCondition(random) } : {}),
    ...(random.chance(0.3) ? { parentConditions: generateParents(random) } : {}),
    ...(random.chance(0.2) ? { filters: generateFilters(random) } : {}),
    ...(random.chance(0.2) ? { hashAttribute: random.pick(["id", "country", "company", ""]) } : {}),
    ...(random.chance(0.3) ? { fallbackAttribute: random.pick(["device", "company"]) } : {}),
    ...(random.chance(0.5) ? { hashVersion: random.pick([1, 2, 2, null, 0]) } : {}),
    ...(random.chance(0.2) ? { seed: random.pick(["seed", "", "🎉"]) } : {}),
    ...(random.chance(0.2) ? { disableStickyBucketing: random.chance(0.5) } : {}),
  };
  if (random.chance(0.35)) return { ...common, ...generateForce(random) };
  return { ...common, ...generateExperiment(random) };
}

function generateForce(random: Random): Members {
  return {
    force: anyValue(random),
    ...(random.chance(0.4) ? { coverage: random.pick([0, 0.25, 0.5, 0.75, 1, 2, -1]) } : {}),
    ...(random.chance(0.4) ? { range: random.pick([[0, 0.5], [0.5, 1], [0, 0], null]) } : {}),
    ...(random.chance(0.2)
      ? {
          tracks: [
            { experiment: { key: "remote" }, result: { key: "v", variationId: 1, hashValue: "x" } },
          ],
        }
      : {}),
  };
}

/** Generates the members of an experiment, in a rule or in code. */
export function generateExperiment(random: Random): Members {
  const count = random.pick([1, 2, 2, 2, 3, 4]);
  const variations = random.times(count, () => anyValue(random));
  const meta = random.times(count, (i) => ({
    ...(random.chance(0.8) ? { key: random.pick([`v${i}`, `v${i}`, "", "same"]) } : {}),
    ...(random.chance(0.3) ? { name: `Variation ${i}` } : {}),
    ...(random.chance(0.15) ? { passthrough: true } : {}),
  }));
  const isBandit = random.chance(0.2);
  return {
    [isBandit ? "contextualVariations" : "variations"]: variations,
    ...(isBandit ? { contextualBanditRef: random.pick(["bandit", "bandit", "odd", "none"]) } : {}),
    ...(random.chance(0.7) ? { key: random.pick(EXPERIMENTS) } : {}),
    ...(random.chance(0.6) ? { meta } : {}),
    ...(random.chance(0.4) ? { weights: generateWeights(random, count) } : {}),
    ...(random.chance(0.4) ? { coverage: random.pick([0, 0.3, 0.5, 1, 1, 3, -1]) } : {}),
    ...(random.chance(0.2)
      ? { namespace: ["ns", random.pick([0, 0.5]), random.pick([0.5, 1])] }
      : {}),
    ...(random.chance(0.2) ? { ranges: generateRanges(random, count) } : {}),
    ...(random.chance(0.3) ? { bucketVersion: random.integer(0, 2) } : {}),
    ...(random.chance(0.3) ? { minBucketVersion: random.integer(0, 2) } : {}),
    ...(random.chance(0.2) ? { name: "Name", phase: "1" } : {}),
  };
}

function generateWeights(random: Random, count: number): number[] {
  const odd = [[], [0.5], [0.1, 0.2, 0.7], [0.6, 0.6], [2, -1], [0, 1]];
  return random.chance(0.3) ? random.pick(odd) : random.times(count, () => 1 / count);
}

function generateRanges(random: Random, count: number): number[][] {
  const width = 1 / (count + 1);
  // Sometimes more ranges than variations.
  return random.times(count + random.pick([0, 0, 1]), (i) => [i * width, (i + 1) * width]);
}

function generateFilters(random: Random): Members[] {
  return random.times(random.integer(0, 2), () => ({
    seed: random.pick(["f", "g"]),
    ranges: random.pick([
      [[0, 0.8]],
      [
        [0, 0.2],
        [0.4, 1],
      ],
      [],
      [[0, 1]],
    ]),
    ...(random.chance(0.4) ? { attribute: random.pick(["id", "company", "missing"]) } : {}),
    ...(random.chance(0.4) ? { hashVersion: random.pick([1, 2, 3]) } : {}),
  }));
}

/** Generates prerequisites, which form cycles and diamonds. */
export function generateParents(random: Random): Members[] {
  return random.times(random.pick([1, 1, 2]), () => ({
    id: random.pick([...FEATURES, "unknown"]),
    ...(random.chance(0.9)
      ? {
          condition: random.pick([
            { value: true },
            { value: { $exists: true } },
            { value: { $ne: null } },
            { value: null },
            { value: { $in: ["a", 1, true] } },
            { $or: [{ value: 1 }, { value: "a" }, { value: { $type: "array" } }] },
            { "value.a": 1 },
            {},
          ]),
        }
      : {}),
    ...(random.chance(0.4) ? { gate: random.chance(0.7) } : {}),
  }));
}

function generateGroups(random: Random): Members {
  const some = (): unknown[] => random.times(random.pick([0, 2, 12]), () => anyValue(random));
  return {
    vip: some(),
    typed: { type: "list", attributeKey: random.pick(["id", "country", "tags"]), values: some() },
    byCondition: { type: "condition", condition: generateCondition(random) },
    self: { type: "condition", condition: { $savedGroup: { id: "self" } } },
    odd: random.pick([null, 5, {}, { type: "list" }, { type: "new" }, { type: "condition" }]),
  };
}

function generateBandits(random: Random): Members {
  const contexts = random.times(random.integer(0, 3), (leafId) => ({
    leafId,
    condition: random.chance(0.5) ? {} : generateCondition(random),
    weights: random.pick([[0.2, 0.8], [0.5, 0.5], [0.1, 0.2, 0.7], [0.3, 0.3], []]),
  }));
  return {
    bandit: { contexts, ...(random.chance(0.5) ? { banditVersion: 3 } : {}) },
    odd: random.pick([{}, { contexts: [null] }, { contexts: 5 }, { contexts: "ab" }, 5, null]),
  };
}
