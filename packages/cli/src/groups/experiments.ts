import type { AllocationDescription, FlagDescription } from "@sortition/core/dialect";
import { windowStateAt } from "@sortition/core/dialect-internal";
import {
  isNowhere,
  otherPlace,
  type Place,
  type PlaceOfCondition,
  placeInBoth,
  type Range,
  rangesPlace,
} from "../dialects/place.js";

/** An allocation whose subjects are split between variations by a hash. */
export interface ExperimentPlaces {
  readonly key: string;
  /** Its subjects meet one of these: a place in each of these spaces, by the space. */
  readonly alternatives: readonly Places[];
}

type Places = ReadonlyMap<string, Place>;

/** Shares up to this are treated as none. */
const TOLERANCE = 1e-9;

/** Returns the experiments of a flag that are open, and where their subjects are as the payload tells it. */
export function experimentsOf(
  { allocations, followsRanges, isEnabled }: FlagDescription,
  placeOf: PlaceOfCondition,
  nowMs: number,
): readonly ExperimentPlaces[] {
  if (!isEnabled) return [];
  const found: ExperimentPlaces[] = [];
  let left: Places = new Map();
  for (const allocation of allocations) {
    if (windowStateAt(allocation.window, nowMs) !== "open") continue;
    if (isExperiment(allocation)) {
      const alternatives = followsRanges ? alternativesOf(allocation, placeOf) : [[]];
      found.push({ key: allocation.key, alternatives: alternatives.map((it) => joined(left, it)) });
    }
    left = joined(left, leftBehind(allocation, placeOf));
  }
  return found;
}

/** Whether the payload keeps the subjects of each experiment of a flag out of each of another flag. */
export function areApart(
  ones: readonly ExperimentPlaces[],
  others: readonly ExperimentPlaces[],
): boolean {
  const [a, b] = [ones, others].map((it) => it.flatMap(({ alternatives }) => alternatives));
  if (a === undefined || b === undefined || a.length === 0 || b.length === 0) return false;
  return a.every((one) => b.every((other) => isEmpty(joined(one, [...other.values()]))));
}

/** The keys of the experiments of a flag. */
export function keysOf(experiments: readonly ExperimentPlaces[]): ReadonlySet<string> {
  return new Set(experiments.map(({ key }) => key));
}

function isExperiment({ traffic }: AllocationDescription): boolean {
  const shares = [...(traffic?.byVariation.values() ?? [])];
  return shares.filter((share) => share > TOLERANCE).length > 1;
}

/** The places of the subjects that an allocation gives something: those of each rule in each split. */
function alternativesOf(
  { rules, splits, unit }: AllocationDescription,
  placeOf: PlaceOfCondition,
): readonly (readonly Place[])[] {
  const ofRules =
    rules.length === 0 ? [[]] : rules.map((rule) => placesOf(rule.conditions, placeOf));
  const ofSplits = splits.map(({ problem, shards }) =>
    problem === null ? shards.flatMap((shard) => shardPlace(shard, unit) ?? []) : [],
  );
  return ofRules.flatMap((rule) => ofSplits.map((split) => [...rule, ...split]));
}

function placesOf(
  conditions: AllocationDescription["rules"][number]["conditions"],
  placeOf: PlaceOfCondition,
): readonly Place[] {
  return conditions.flatMap((it) => (it.problem === null ? (placeOf(it) ?? []) : []));
}

function shardPlace(
  { problem, ranges, salt, totalShards }: AllocationDescription["splits"][number]["shards"][number],
  unit: AllocationDescription["unit"],
): Place | null {
  if (problem !== null || unit === null) return null;
  return rangesPlace(`${unit.name} hashed with ${salt} into ${totalShards}`, ranges, totalShards);
}

/** The places of the subjects that an allocation with one variation leaves for later ones, as far as they are known. */
function leftBehind(
  allocation: AllocationDescription,
  placeOf: PlaceOfCondition,
): readonly Place[] {
  const { rules, splits, unit, window } = allocation;
  const [first] = splits;
  const isOne = splits.every((it) => it.variation === first?.variation && it.problem === null);
  if (first === undefined || !isOne || window !== null) return [];
  if (splits.some(({ shards }) => shards.length === 0)) {
    // It gives everyone who passes the rules a variation, so the others fail each of them.
    return rules.flatMap(({ conditions, problem }) => {
      const places = placesOf(conditions, placeOf);
      const isExact = problem === null && conditions.length === 1;
      return isExact ? places.map((it) => otherPlace(it, true)) : [];
    });
  }
  const shards = splits.flatMap((it) => (it.shards.length === 1 ? it.shards : []));
  const places = shards.flatMap((shard) => shardPlace(shard, unit) ?? []);
  const [place] = places;
  const isExact =
    places.length === splits.length && places.every((it) => it.space === place?.space);
  if (rules.length > 0 || place === undefined || !isExact) return [];
  const ranges: readonly Range[] = shards.flatMap((it) => it.ranges);
  const hasMissing = unit !== null && unit.attributes.length > 0;
  return [
    otherPlace(
      rangesPlace(place.space, ranges, Math.max(...shards.map((it) => it.totalShards))),
      hasMissing,
    ),
  ];
}

function joined(known: Places, more: readonly Place[]): Places {
  const all = new Map(known);
  for (const place of more) {
    const other = all.get(place.space);
    all.set(place.space, other === undefined ? place : placeInBoth(other, place));
  }
  return all;
}

function isEmpty(places: Places): boolean {
  return [...places.values()].some(isNowhere);
}
