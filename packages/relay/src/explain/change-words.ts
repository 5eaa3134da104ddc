import type {
  AllocationDescription,
  Aspect,
  Change,
  ComparedFlag,
  DialectWords,
  FlagComparison,
  FlagDescription,
} from "@sortition/core/dialect";
import {
  ASPECTS,
  allocationKeys,
  momentText,
  nameOf,
  nameVariations,
  PLAIN_WORDS,
  rulesWords,
  shareText,
  timeText,
  variationValues,
  windowWords,
} from "@sortition/core/dialect-internal";
import { allocationLabel } from "./allocation-label.js";

/** A part of a flag before and after a change, in plain words. */
export interface ChangedPart {
  readonly aspect: Aspect;
  /** `null` for a change of the whole flag. */
  readonly allocation: string | null;
  /** Name of the allocation as on the flag's page: `Rule 1`. */
  readonly allocationName: string | null;
  /** Name of the variation whose value changed; `null` for other aspects, and for a variation that has only a value. */
  readonly variation: string | null;
  /** The change as `sortition diff` prints it. */
  readonly text: string;
  /** Both are empty if descriptions do not show the change. */
  readonly before: string;
  readonly after: string;
}

/** Maximum number of parts in one line. */
const MAX_PARTS = 2;

/** The changed parts of a flag. Empty for a flag that is in only one of the configurations. */
export function changedParts(comparison: FlagComparison): readonly ChangedPart[] {
  return comparison.changes.map((change) => {
    const { allocation, aspect, text } = change;
    const [before, after] = sidesOf(comparison, change);
    const variation = variationName(comparison, change.variation);
    const allocationName = labelOf(comparison, allocation);
    return { aspect, allocation, allocationName, variation, text, before, after };
  });
}

/** What changed in one line: `on 10% → 50% if country is DE`. */
export function changeLine(comparison: FlagComparison): string {
  const { after, before, change } = comparison;
  if (change !== "changed") {
    const variations = after?.description.variations.map(nameOf) ?? [];
    if (change !== "added" || variations.length === 0) return change;
    return `variations ${[...new Set(variations)].join(", ")}`;
  }
  const sorted = comparison.changes.toSorted(
    (a, b) => ASPECTS.indexOf(a.aspect) - ASPECTS.indexOf(b.aspect),
  );
  const allocations = [before, after].map((it) => it?.description.allocations.length ?? 0);
  const hasSeveral = Math.max(...allocations) > 1;
  const lines = sorted.slice(0, MAX_PARTS).map((it) => partLine(comparison, it, hasSeveral));
  const left = sorted.length - lines.length;
  return [
    ...lines,
    ...(left > 0 ? [`${left} more ${left === 1 ? "change" : "changes"}`] : []),
  ].join("; ");
}

/** @param isNamed - whether the line names the allocation. */
function partLine(comparison: FlagComparison, change: Change, isNamed: boolean): string {
  const { allocation, aspect, text, variation } = change;
  const [before, after] = sidesOf(comparison, change);
  const label = labelOf(comparison, allocation);
  const name = label !== null && isNamed ? `${label}: ` : "";
  switch (aspect) {
    case "salt":
      return `${name}subjects are re-randomised`;
    case "state":
      return after;
    case "allocation":
      return label === null ? text : `${label} ${text}`;
    case "traffic":
      return `${name}${trafficLine(comparison, allocation)}`;
    case "value":
    case "default":
      return `${nameBefore(variationName(comparison, variation))}${before} → ${after}`;
    case "other":
      return text;
    case "window":
      return `${name}${windowLine(comparison, allocation)}`;
    case "type":
    case "rule":
    case "logging":
      return `${name}${before} → ${after}`;
  }
}

/** Returns the name of an allocation in the vendor's terms; `null` for the whole flag. */
function labelOf({ after, before }: FlagComparison, key: string | null): string | null {
  if (key === null) return null;
  for (const side of [after, before]) {
    const { allocations = [] } = side?.description ?? {};
    const index = allocationKeys(allocations).indexOf(key);
    const allocation = allocations[index];
    if (side && allocation) return allocationLabel(allocation.key, index, side.words);
  }
  return key;
}

/** The name of a variation; `null` if it has only a value. */
function variationName({ after, before }: FlagComparison, key: string | null): string | null {
  const variations = [after, before].flatMap((it) => it?.description.variations ?? []);
  const { name = key } = variations.find((it) => it.key === key) ?? {};
  return name;
}

/** Returns a name as a prefix. A name that could be mistaken for a value, such as `25`, gets a colon. */
function nameBefore(name: string | null): string {
  if (name === null) return "";
  return /^\p{L}/u.test(name) ? `${name} ` : `${name}: `;
}

/** Returns the names of an allocation's variations, by key. */
function namesIn(flag: FlagDescription | undefined, allocation: string | null) {
  if (flag === undefined || allocation === null) return undefined;
  return nameVariations(flag).byAllocation[allocationKeys(flag.allocations).indexOf(allocation)];
}

/** A part before and after. */
function sidesOf(comparison: FlagComparison, change: Change): readonly [string, string] {
  const { after, before } = comparison;
  if (before === null || after === null) return ["", ""];
  if (change.aspect === "traffic" && changedShares(comparison, change.allocation)?.length === 0) {
    return [rangesWords(before, change), rangesWords(after, change)];
  }
  const sides = [partWords(before, change), partWords(after, change)] as const;
  // Times that differ only by seconds look the same to the minute.
  if (change.aspect !== "window" || sides[0] !== sides[1]) return sides;
  return [preciseWindow(before, change), preciseWindow(after, change)];
}

function preciseWindow({ description }: ComparedFlag, { allocation }: Change): string {
  return windowWords(allocationOf(description, allocation ?? "")?.window ?? null, timeText);
}

function partWords({ description: flag, words }: ComparedFlag, change: Change): string {
  const { allocation: key, aspect, variation } = change;
  const allocation = key === null ? undefined : allocationOf(flag, key);
  switch (aspect) {
    case "type":
      return flag.valueType ?? "any type";
    case "state":
      if (flag.problem !== null) return `malformed: ${flag.problem}`;
      return flag.isEnabled ? "enabled" : "disabled";
    case "value":
    case "default":
      return variationValues(flag).get(variation ?? "") ?? "none";
    case "allocation":
      if (key === null) {
        return flag.allocations.map((it, i) => allocationLabel(it.key, i, words)).join(", ");
      }
      return allocation === undefined ? "none" : allocationWords(flag, key, allocation, words);
    case "window":
      return windowWords(allocation?.window ?? null);
    case "rule":
      return rulesWords(allocation?.rules ?? [], words);
    case "traffic":
      return sharesWords(allocation?.traffic ?? null, namesIn(flag, key));
    case "salt":
      return saltWords(allocation, change);
    case "logging":
      return allocation?.isLogged === true ? "logged" : "not logged";
    case "other":
      return "";
  }
}

function allocationOf(flag: FlagDescription, key: string): AllocationDescription | undefined {
  return flag.allocations[allocationKeys(flag.allocations).indexOf(key)];
}

function allocationWords(
  flag: FlagDescription,
  key: string,
  { rules, traffic }: AllocationDescription,
  words: DialectWords,
): string {
  const audience = rules.length === 0 ? "for all subjects" : `if ${rulesWords(rules, words)}`;
  return `${sharesWords(traffic, namesIn(flag, key))} ${audience}`;
}

/** The bounds of a window that changed: `end 2026-03-01 → 2026-04-01`. */
function windowLine({ after, before }: FlagComparison, key: string | null): string {
  const [was = null, is = null] = [before, after].map((it) =>
    it === null || key === null ? null : (allocationOf(it.description, key)?.window ?? null),
  );
  const changed = (["startAtMs", "endAtMs"] as const).filter(
    (bound) => (was?.[bound] ?? null) !== (is?.[bound] ?? null),
  );
  const texts = changed.map((bound) => {
    const [from, to] = momentTexts(was?.[bound] ?? null, is?.[bound] ?? null);
    return `${bound === "startAtMs" ? "start" : "end"} ${from} → ${to}`;
  });
  return texts.join(", ");
}

/** Formats two different times, to the minute if they then still differ. */
function momentTexts(from: number | null, to: number | null): readonly [string, string] {
  const textOf = (ms: number | null): string => (ms === null ? "none" : momentText(ms));
  const isoOf = (ms: number | null): string => (ms === null ? "none" : timeText(ms));
  return textOf(from) === textOf(to) ? [isoOf(from), isoOf(to)] : [textOf(from), textOf(to)];
}

function sharesWords(
  traffic: AllocationDescription["traffic"],
  names: ReturnType<typeof namesIn>,
): string {
  if (traffic === null) return "unknown shares";
  const { byVariation, unassigned } = traffic;
  return [
    ...[...byVariation].map(
      ([key, share]) => `${names?.get(key)?.name ?? key}: ${shareText(share)}`,
    ),
    ...(unassigned === 0 ? [] : [`not assigned: ${shareText(unassigned)}`]),
  ].join(", ");
}

/** The shards of each split, for splits whose shares did not change. */
function rangesWords({ description }: ComparedFlag, { allocation }: Change): string {
  const splits = allocationOf(description, allocation ?? "")?.splits ?? [];
  const names = namesIn(description, allocation);
  const words = splits.map(({ shards, variation }) => {
    const ranges = shards.flatMap((it) => it.ranges.map(({ end, start }) => `${start}–${end}`));
    const name = names?.get(variation)?.name ?? variation;
    return `${name} ${ranges.length === 0 ? "all shards" : ranges.join(", ")}`;
  });
  return words.join("; ");
}

function saltWords(allocation: AllocationDescription | undefined, { text }: Change): string {
  if (text.startsWith("hashed by")) return `hashed by ${allocation?.unit?.name}`;
  const { splits = [] } = allocation ?? {};
  const salts = splits.flatMap(({ shards }) => shards.map(({ salt }) => salt));
  return `salt ${[...new Set(salts)].join(", ")}`;
}

interface ChangedShare {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** @returns `null` if the shares are unknown. */
function changedShares(
  { after, before }: FlagComparison,
  key: string | null,
): readonly ChangedShare[] | null {
  const [was, is] = [before, after].map((it) =>
    it === null || key === null ? null : (allocationOf(it.description, key)?.traffic ?? null),
  );
  if (!was || !is) return null;
  const names = [...new Set([...was.byVariation.keys(), ...is.byVariation.keys()])];
  return names
    .map((name) => {
      const [from = 0, to = 0] = [was, is].map(({ byVariation }) => byVariation.get(name));
      return { name, from, to };
    })
    .filter(({ from, to }) => shareText(from) !== shareText(to));
}

/** The shares that changed: `on 10% → 50% if country is DE`. */
function trafficLine(comparison: FlagComparison, key: string | null): string {
  const changed = changedShares(comparison, key);
  if (changed === null) return "the split changed";
  if (changed.length === 0) return "same shares, but of other subjects";
  const [now, old] = [comparison.after, comparison.before].map((it) =>
    namesIn(it?.description, key),
  );
  const texts = withoutOpposite(changed, comparison).map(({ from, name, to }) => {
    const words = (now?.get(name) ?? old?.get(name))?.name ?? name;
    return `${nameBefore(words)}${shareText(from)} → ${shareText(to)}`;
  });
  const description = comparison.after?.description;
  const rules =
    description === undefined ? [] : (allocationOf(description, key ?? "")?.rules ?? []);
  const words = comparison.after?.words ?? PLAIN_WORDS;
  return `${texts.join(", ")}${rules.length === 0 ? "" : ` if ${rulesWords(rules, words)}`}`;
}

/** If one share grows by what another one loses, only one of them: `true`, or else the one that grows. */
function withoutOpposite(
  changed: readonly ChangedShare[],
  { after }: FlagComparison,
): readonly ChangedShare[] {
  const sum = changed.reduce((total, { from, to }) => total + to - from, 0);
  if (changed.length !== 2 || shareText(Math.abs(sum)) !== "0%") return changed;
  const values = new Map(after?.description.variations.map(({ key, value }) => [key, value]));
  const main =
    changed.find(({ name }) => values.get(name) === true) ?? changed.find((it) => it.to > it.from);
  return main === undefined ? changed : [main];
}
