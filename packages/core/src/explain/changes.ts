import type {
  AllocationDescription,
  FlagDescription,
  RuleDescription,
  ShardDescription,
} from "./description.js";
import { rulesText } from "./text/rules.js";
import { shareText, valueText } from "./text/values.js";
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
  /** Before and after, as readable text. */
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
  const note = (aspect: Aspect, text: string, allocation: string | null = null): void =>
    void changes.push({ aspect, allocation, variation: null, text, removesValue: false });
  if (old.valueType !== now.valueType) note("type", `${old.valueType} → ${now.valueType}`);
  if (old.isEnabled !== now.isEnabled) note("state", now.isEnabled ? "enabled" : "disabled");
  if (old.problem !== now.problem) note("state", now.problem ?? "no longer malformed");
  for (const { key, text, isRemoved } of valueChanges(old, now)) {
    const aspect = key === DEFAULT ? "default" : "value";
    changes.push({ aspect, allocation: null, variation: key, text, removesValue: isRemoved });
  }
  const [oldKeys, nowKeys] = [allocationKeys(old.allocations), allocationKeys(now.allocations)];
  oldKeys.forEach((key, i) => {
    const match = now.allocations[nowKeys.indexOf(key)];
    if (match === undefined) note("allocation", "removed", key);
    else
      for (const { aspect, text } of allocationChanges(old.allocations[i] as never, match))
        note(aspect, text, key); // i < length
  });
  for (const key of nowKeys) if (!oldKeys.includes(key)) note("allocation", "added", key);
  const kept = nowKeys.filter((key) => oldKeys.includes(key)).join("\0");
  if (kept !== oldKeys.filter((key) => nowKeys.includes(key)).join("\0")) {
    note("allocation", "the order changed");
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

function valueChanges(
  old: FlagDescription,
  now: FlagDescription,
): { key: string; text: string; isRemoved: boolean }[] {
  const [before, after] = [variationValues(old), variationValues(now)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    if (was === is) return [];
    const text = `${key}: ${was ?? "absent"} → ${is ?? "removed"}`;
    return [{ key, text, isRemoved: is === undefined }];
  });
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

function allocationChanges(
  old: AllocationDescription,
  now: AllocationDescription,
): { aspect: Aspect; text: string }[] {
  const changes: { aspect: Aspect; text: string }[] = [];
  if (JSON.stringify(old.window) !== JSON.stringify(now.window)) {
    changes.push({ aspect: "window", text: `${windowText(old)} → ${windowText(now)}` });
  }
  if (JSON.stringify(plain(old.rules)) !== JSON.stringify(plain(now.rules))) {
    changes.push({ aspect: "rule", text: `${rulesText(old.rules)} → ${rulesText(now.rules)}` });
  }
  if (old.unit !== null && now.unit !== null && old.unit.name !== now.unit.name) {
    changes.push({ aspect: "salt", text: `hashed by ${old.unit.name} → ${now.unit.name}` });
  }
  const [before, after] = [hashesOf(old), hashesOf(now)];
  if (before !== after && before !== "" && after !== "") {
    changes.push({ aspect: "salt", text: `${before} → ${after}` });
  }
  if (splitsOf(old) !== splitsOf(now)) {
    changes.push({ aspect: "traffic", text: `${trafficText(old)} → ${trafficText(now)}` });
  }
  if (old.isLogged !== now.isLogged) {
    changes.push({ aspect: "logging", text: now.isLogged ? "logged" : "no longer logged" });
  }
  return changes;
}

/** Replaces values that JSON cannot express, such as `undefined`, by their text, so that they can be distinguished. */
function plain(rules: readonly RuleDescription[]): unknown {
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

function splitsOf({ splits }: AllocationDescription): string {
  return JSON.stringify(
    splits.map(({ problem, shards, variation }) => [
      variation,
      problem,
      shards.map(({ ranges, problem: it }) => [ranges, it]),
    ]),
  );
}

function trafficText({ traffic }: AllocationDescription): string {
  if (traffic === null) return "unknown";
  return [...traffic.byVariation].map(([key, share]) => `${key} ${shareText(share)}`).join(", ");
}

function windowText({ window }: AllocationDescription): string {
  if (window === null) return "always";
  const text = (ms: number | null): string => (ms === null ? "…" : new Date(ms).toISOString());
  return `${text(window.startAtMs)} to ${text(window.endAtMs)}`;
}
