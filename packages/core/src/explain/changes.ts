import type { AllocationDescription, FlagDescription, ShardDescription } from "./description.js";
import { shareText, shortTimeText, valueText } from "./text/values.js";
import { rulesWords } from "./words/condition-words.js";
import { type NamedVariation, nameVariations } from "./words/variation-names.js";
import { windowWords } from "./words/window-words.js";
import type { DialectWords } from "./words/words.js";

/**
 * The aspects of a flag that can change. Only the first ones can move subjects. `other` is a change that descriptions
 * do not show.
 */
export const ASPECTS = [
  "salt",
  "state",
  "allocation",
  "window",
  "rule",
  "traffic",
  "value",
  "default",
  "type",
  "logging",
  "other",
] as const;

/** One of `ASPECTS`. */
export type Aspect = (typeof ASPECTS)[number];

/** One change of a flag. */
export interface Change {
  readonly aspect: Aspect;
  /** Key of the allocation. `null`: the change affects the whole flag. */
  readonly allocation: string | null;
  /** The variation whose value changed, or `null` for other aspects. */
  readonly variation: string | null;
  /** Before and after, in the words of the dialect. Both are empty if descriptions do not show the change. */
  readonly before: string;
  readonly after: string;
  /** The change as one line. */
  readonly text: string;
  /** Whether a variation, and with it a value, was removed. */
  readonly removesValue: boolean;
}

/** A flag in the words of its dialect. */
export interface ComparedFlag {
  readonly words: DialectWords;
  readonly description: FlagDescription;
}

/** Key of the variation that describes GrowthBook's default value. */
const DEFAULT = "default";

/** Returns the changes between two versions of a flag, in the order of its parts. */
export function changesOf(before: ComparedFlag, after: ComparedFlag): readonly Change[] {
  const [old, now] = [before.description, after.description];
  const changes: Change[] = [];
  const note = (change: Pick<Change, "after" | "aspect" | "before"> & Partial<Change>): void => {
    const text = `${change.before} → ${change.after}`;
    changes.push({ allocation: null, variation: null, text, removesValue: false, ...change });
  };
  const noteFlag = (aspect: Aspect, textOf: (flag: FlagDescription) => string): void => {
    const [was, is] = [textOf(old), textOf(now)];
    if (was !== is) note({ aspect, before: was, after: is });
  };
  noteFlag("type", ({ valueType }) => valueType ?? "any type");
  noteFlag("state", ({ isEnabled }) => (isEnabled ? "enabled" : "disabled"));
  noteFlag("state", ({ problem }) => (problem === null ? "well-formed" : `malformed: ${problem}`));
  for (const [key, was, is] of valueChanges(old, now)) {
    const aspect = key === DEFAULT ? "default" : "value";
    const text = `${key}: ${was} → ${is}`;
    note({ aspect, variation: key, before: was, after: is, text, removesValue: is === NO_VALUE });
  }
  const sides = [partsOf(before), partsOf(after)] as const;
  for (const [key, part] of sides[0]) {
    const match = sides[1].get(key);
    if (match !== undefined) {
      allocationChanges(part, match).forEach((it) => void note({ ...it, allocation: key }));
    } else {
      note({
        ...{ aspect: "allocation", allocation: key },
        ...{ before: wordsOf(part), after: "none", text: "removed" },
      });
    }
  }
  for (const [key, part] of sides[1]) {
    if (sides[0].has(key)) continue;
    note({
      ...{ aspect: "allocation", allocation: key },
      ...{ before: "none", after: wordsOf(part), text: "added" },
    });
  }
  const [was, is] = sides.map((it) => [...it.keys()]) as [string[], string[]];
  if (
    is.filter((it) => was.includes(it)).join("\0") !==
    was.filter((it) => is.includes(it)).join("\0")
  ) {
    note({
      ...{ aspect: "allocation", text: "the order changed" },
      ...{ before: was.join(", "), after: is.join(", ") },
    });
  }
  return changes;
}

/** Returns the keys of allocations. A repeated key gets a number. */
export function allocationKeys(
  allocations: readonly { readonly key: string }[],
): readonly string[] {
  const seen = new Map<string, number>();
  return allocations.map(({ key }) => {
    const n = seen.get(key) ?? 0;
    seen.set(key, n + 1);
    return n === 0 ? key : `${key} (${n + 1})`;
  });
}

/** The value that a variation has in a configuration without it. */
const NO_VALUE = "none";

function valueChanges(
  old: FlagDescription,
  now: FlagDescription,
): readonly (readonly [key: string, was: string, is: string])[] {
  const [before, after] = [variationValues(old), variationValues(now)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((key) => [key, before.get(key) ?? NO_VALUE, after.get(key) ?? NO_VALUE] as const)
    .filter(([, was, is]) => was !== is);
}

/**
 * Returns the value of each variation as text, which is equal for equal values. Several values may have the same name.
 */
export function variationValues({ variations }: FlagDescription): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const { key, value } of variations) {
    const [known, text] = [values.get(key), valueText(value)];
    values.set(key, known === undefined || known === text ? text : `${known}, ${text}`);
  }
  return values;
}

/** An allocation, and what names it. */
interface Part {
  readonly allocation: AllocationDescription;
  readonly words: DialectWords;
  readonly names: ReadonlyMap<string, NamedVariation>;
}

/** Returns the allocations of a flag by their {@link allocationKeys}. */
function partsOf({ description, words }: ComparedFlag): ReadonlyMap<string, Part> {
  const { byAllocation } = nameVariations(description);
  const keys = allocationKeys(description.allocations);
  return new Map(
    description.allocations.map((allocation, i) => [
      keys[i] as string, // one for each allocation
      { allocation, words, names: byAllocation[i] ?? new Map() },
    ]),
  );
}

function wordsOf(part: Part): string {
  const { rules } = part.allocation;
  const audience = rules.length === 0 ? "for all subjects" : `if ${rulesWords(rules, part.words)}`;
  return `${sharesOf(part).join(", ")} ${audience}`;
}

function allocationChanges(
  old: Part,
  now: Part,
): readonly Pick<Change, "after" | "aspect" | "before">[] {
  const both = [old.allocation, now.allocation] as const;
  const differ = (partOf: (it: AllocationDescription) => unknown): boolean =>
    JSON.stringify(partOf(both[0])) !== JSON.stringify(partOf(both[1]));
  const changes: Pick<Change, "after" | "aspect" | "before">[] = [];
  const note = (aspect: Aspect, textOf: (part: Part) => string): void =>
    void changes.push({ aspect, before: textOf(old), after: textOf(now) });
  if (differ(({ window }) => window)) {
    note("window", ({ allocation: { window } }) => windowWords(window, shortTimeText));
  }
  if (differ(plainRules)) {
    note("rule", ({ allocation: { rules }, words }) => rulesWords(rules, words));
  }
  const [was, is] = [both[0].unit, both[1].unit];
  if (was !== null && is !== null && was.name !== is.name) {
    note("salt", ({ allocation: { unit } }) => `hashed by ${unit?.name}`);
  }
  if (differ(hashesOf) && both.every((it) => hashesOf(it) !== "")) {
    note("salt", ({ allocation }) => hashesOf(allocation));
  }
  if (differ(splitsOf)) {
    const isOtherShare = sharesOf(old).toSorted().join() !== sharesOf(now).toSorted().join();
    note("traffic", isOtherShare ? (part) => sharesOf(part).join(", ") : rangesWords);
  }
  if (differ(({ isLogged }) => isLogged)) {
    note("logging", ({ allocation: { isLogged } }) => (isLogged ? "logged" : "not logged"));
  }
  return changes;
}

/** Replaces values that JSON cannot express, such as `undefined`, by their text, so that they can be distinguished. */
function plainRules({ rules }: AllocationDescription): unknown {
  return rules.map(({ conditions, problem }) => [
    problem,
    conditions.map((it) => [it.attribute, it.operator, valueText(it.expected), it.problem]),
  ]);
}

/** Returns the distinct hashes that decide. */
function hashesOf({ splits }: AllocationDescription): string {
  const names = splits.flatMap(({ shards }) => shards.map(hashText));
  return [...new Set(names)].join(", ");
}

function hashText({ salt, totalShards }: ShardDescription): string {
  return `${valueText(salt)} mod ${totalShards}`;
}

function splitsOf({ splits }: AllocationDescription): unknown {
  return splits.map(({ problem, shards, variation }) => [
    variation,
    problem,
    shards.map(({ ranges, problem: it }) => [ranges, it]),
  ]);
}

/** Returns the share of each variation, and of the subjects that get none: `on: 10%`. */
function sharesOf({ allocation: { traffic }, names }: Part): readonly string[] {
  if (traffic === null) return ["unknown shares"];
  const { byVariation, unassigned } = traffic;
  return [
    ...[...byVariation].map(([key, it]) => `${names.get(key)?.name ?? key}: ${shareText(it)}`),
    ...(unassigned === 0 ? [] : [`not assigned: ${shareText(unassigned)}`]),
  ];
}

/** Returns the shards of each split, for splits whose shares did not change. */
function rangesWords({ allocation: { splits }, names }: Part): string {
  const words = splits.map(({ shards, variation }) => {
    const ranges = shards.flatMap((it) => it.ranges.map(({ end, start }) => `${start}–${end}`));
    const name = names.get(variation)?.name ?? variation;
    return `${name} ${ranges.length === 0 ? "all shards" : ranges.join(", ")}`;
  });
  return words.join("; ");
}
