import type { JsonObject } from "../../conditions/decode.js";
import type {
  AllocationOutcome,
  ExplainedAllocation,
  ExplainedCondition,
  ExplainedSplit,
  Explanation,
  TestOutcome,
} from "../explanation.js";
import { allocationName } from "./allocation-names.js";
import { checkWords, hasSentence } from "./condition-words.js";
import { unitWords } from "./unit-words.js";
import { nameVariations } from "./variation-names.js";
import { windowWords } from "./window-words.js";
import type { DialectWords } from "./words.js";

/** A check in plain words, with the checks it consists of. */
export interface Step {
  readonly outcome: TestOutcome;
  readonly words: string;
  /** The vendor's operator of a condition, unless its words have it; otherwise `null`. */
  readonly operator: string | null;
  /** For a check of a split; otherwise `null`. */
  readonly place: SplitPlace | null;
  readonly steps: readonly Step[];
}

/** An allocation with its checks in plain words. An allocation that was not reached has none. */
export interface AllocationSteps {
  readonly key: string;
  /** The key, or the allocation's number if the vendor has no keys. */
  readonly name: string;
  readonly outcome: TestOutcome;
  readonly words: string;
  readonly steps: readonly Step[];
}

/** The subject's place among the ranges of one salt. */
export interface SplitPlace {
  readonly salt: string;
  readonly totalShards: number;
  /** `null`: not computed. */
  readonly shard: number | null;
  readonly parts: readonly SplitPart[];
  /** Whether shards have decimal places (PostHog). */
  readonly isDecimal: boolean;
}

/** Ranges of shards that lead to the same variations. */
export interface SplitPart {
  readonly variations: readonly string[];
  /** The names of the variations, or of the allocation if the part does not choose a variation. */
  readonly words: string;
  /** Index of the variation on the flag's page; `null` if the part does not choose one. */
  readonly index: number | null;
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
  /** Whether the evaluation found the subject in it. */
  readonly hasSubject: boolean;
}

const OUTCOMES: Readonly<
  Record<AllocationOutcome, readonly [outcome: TestOutcome, words: string]>
> = {
  applies: ["holds", "applies"],
  "not-started": ["fails", "has not started"],
  ended: ["fails", "has ended"],
  "no-rule-holds": ["fails", "does not match"],
  "no-split-matches": ["fails", "not selected"],
  unknown: ["unknown", "cannot be decided"],
  error: ["error", "error"],
  "not-reached": ["not-reached", "skipped"],
};

/**
 * Returns what was checked for each allocation, in order.
 *
 * @param attributes - of the subject.
 */
export function explanationSteps(
  { flag }: Explanation,
  dialect: DialectWords,
  attributes: JsonObject,
): readonly AllocationSteps[] {
  if (flag === null) return [];
  const { byAllocation } = nameVariations(flag);
  return flag.allocations.map(({ splits, ...allocation }, i) => {
    const [outcome, words] = OUTCOMES[allocation.outcome];
    const named = splits.map((it) => {
      return { name: it.variation, index: null, ...byAllocation[i]?.get(it.variation), ...it };
    });
    return {
      key: allocation.key,
      name: allocationName(allocation.key, i, dialect),
      outcome,
      words,
      steps: stepsOf({ ...allocation, attributes, dialect, splits: named }),
    };
  });
}

interface Split extends ExplainedSplit {
  /** Name of its variation. */
  readonly name: string;
  /** Index of its variation on the flag's page; `null`: unknown. */
  readonly index: number | null;
}

type Shard = Split["shards"][number];

interface Allocation extends ExplainedAllocation {
  /** Attributes of the subject. */
  readonly attributes: JsonObject;
  readonly dialect: DialectWords;
  readonly splits: readonly Split[];
}

function stepsOf(allocation: Allocation): readonly Step[] {
  const { outcome } = allocation;
  if (outcome === "not-reached") return [];
  const isClosed = outcome === "not-started" || outcome === "ended";
  const window = windowSteps(allocation, isClosed ? "fails" : "holds");
  if (isClosed) return window;
  // Splits are checked only for subjects that match a rule.
  const splits = outcome === "no-rule-holds" ? [] : splitSteps(allocation);
  return [...window, ...ruleSteps(allocation), ...splits];
}

function step(outcome: TestOutcome, words: string, steps: readonly Step[] = []): Step {
  return { outcome, words, operator: null, place: null, steps };
}

function windowSteps({ window }: ExplainedAllocation, outcome: TestOutcome): readonly Step[] {
  if (window === null) return [];
  return [step(outcome, `active ${windowWords(window)}`)];
}

function ruleSteps({ attributes, dialect, rules }: Allocation): readonly Step[] {
  const [first, ...others] = rules;
  const check = (condition: ExplainedCondition, name: string): Step => ({
    ...step(condition.outcome, `${name}${checkWords(condition, dialect, attributes)}`),
    operator: hasSentence(condition, dialect) ? condition.operator : null,
  });
  if (first === undefined) return [step("holds", "all subjects match")];
  if (others.length === 0) return [ruleStep(first, "", check)];
  const steps = rules.map((rule, i) => ruleStep(rule, `rule ${i + 1}: `, check));
  return [step(anyOf(rules), "one of these rules must match", steps)];
}

/** @param name - prefix of the step's words, such as `rule 1: `. Empty if the allocation has a single rule. */
function ruleStep(
  rule: ExplainedAllocation["rules"][number],
  name: string,
  check: (condition: ExplainedCondition, name: string) => Step,
): Step {
  const { conditions, outcome, problem } = rule;
  if (problem !== null) return step(outcome, `${name}${problem}`);
  const [first, ...others] = conditions;
  if (first === undefined) return step(outcome, `${name}all subjects match`);
  if (others.length === 0) return check(first, name);
  const steps = conditions.map((it) => check(it, ""));
  return step(outcome, `${name}all of these conditions must match`, steps);
}

function splitSteps(allocation: Allocation): readonly Step[] {
  const { splits } = allocation;
  if (splits.length === 0) {
    return allocation.outcome === "no-split-matches" ? [step("fails", "there are no splits")] : [];
  }
  const failed = splits.filter(
    ({ outcome, shards }) => outcome === "error" && shards.every((it) => it.outcome !== "error"),
  );
  const taken = splits.find(({ outcome }) => outcome === "holds");
  const places = placesOf(allocation);
  const isShown = places.some((place) =>
    place.parts.some(({ hasSubject, index }) => hasSubject && index !== null),
  );
  const isDecidedByShard = taken?.shards.some(({ outcome }) => outcome === "holds") ?? true;
  return [
    ...places.map((place) => placeStep(place, places.length, unitWords(allocation))),
    ...failed.map(({ name, problem, reason }) =>
      step("error", `split for ${name}: ${reason || (problem ?? "malformed")}`),
    ),
    ...(taken === undefined || isDecidedByShard || isShown
      ? []
      : [step("holds", `the subject gets ${taken.name}`)]),
  ];
}

interface Place extends SplitPlace {
  readonly outcome: TestOutcome;
  /** Message of the check that failed with an error or could not be carried out. */
  readonly reason: string;
  /** Whether it only decides if the subject is in the allocation. Another place then chooses the variation. */
  readonly isMembership: boolean;
}

/** Groups the shard conditions of all splits by salt. Conditions of one split with the same salt stay apart. */
function placesOf({ dialect, splits }: Allocation): readonly Place[] {
  const { hasDecimalShards: isDecimal = false, noun } = dialect;
  const groups = new Map<string, Test[]>();
  for (const split of splits) {
    const seen = new Map<string, number>();
    for (const shard of split.shards) {
      const space = JSON.stringify([shard.salt, shard.totalShards]);
      const nth = seen.get(space) ?? 0;
      seen.set(space, nth + 1);
      const name = `${space} ${nth}`;
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [[split, shard]]);
      else group.push([split, shard]);
    }
  }
  return [...groups.values()].map((tests): Place => {
    const shards = tests.map(([, shard]) => shard);
    const { salt, totalShards } = shards[0] as Shard; // a group has a test
    const parts = partsOf(tests, splits, noun);
    const isMembership =
      parts.length === 1 && tests.every(([split, shard]) => split.shards.at(-1) !== shard);
    const rest = isMembership ? [] : restOf(tests, splits);
    return {
      ...{ salt, totalShards, isMembership, isDecimal },
      outcome: rest.some(({ hasSubject }) => hasSubject) ? "holds" : anyOf(shards),
      shard: shards.find(({ shard }) => shard !== null)?.shard ?? null,
      reason: shards.map((it) => it.problem ?? it.reason).find((it) => it !== "") ?? "",
      parts: [
        ...parts.map((it) => (isMembership ? { ...it, index: null, words: `this ${noun}` } : it)),
        ...rest,
      ],
    };
  });
}

type Test = readonly [split: Split, shard: Shard];

function partsOf(
  tests: readonly Test[],
  splits: readonly Split[],
  noun: string,
): readonly SplitPart[] {
  const all = new Set(splits.map(({ variation }) => variation));
  const byRanges = new Map<string, Test[]>();
  for (const test of tests) {
    const ranges = JSON.stringify(test[1].ranges);
    const same = byRanges.get(ranges);
    if (same === undefined) byRanges.set(ranges, [test]);
    else same.push(test);
  }
  return [...byRanges.values()].map((same): SplitPart => {
    const its = new Map(same.map(([split]) => [split.variation, split]));
    const [first] = its.values();
    const isWhole = its.size > 1 && its.size === all.size;
    return {
      variations: [...its.keys()],
      words: isWhole ? `this ${noun}` : [...its.values()].map(({ name }) => name).join(" or "),
      index: its.size === 1 ? (first?.index ?? null) : null,
      ranges: same[0]?.[1].ranges ?? [],
      hasSubject: same.some(([, { outcome }]) => outcome === "holds"),
    };
  });
}

/** Returns the shards outside all ranges if a split without shard conditions assigns them. */
function restOf(tests: readonly Test[], splits: readonly Split[]): readonly SplitPart[] {
  const open = splits.find(({ problem, shards }) => shards.length === 0 && problem === null);
  const [, { shard = null, totalShards = 0 } = {}] = tests[0] ?? [];
  if (open === undefined) return [];
  const taken = tests.flatMap(([, { ranges }]) => ranges);
  const ranges: { readonly start: number; readonly end: number }[] = [];
  let start = 0;
  for (const range of [...taken].sort((a, b) => a.start - b.start)) {
    if (range.start > start) ranges.push({ start, end: range.start });
    start = Math.max(start, range.end);
  }
  if (start < totalShards) ranges.push({ start, end: totalShards });
  if (ranges.length === 0) return [];
  const isInside = shard !== null && ranges.some((it) => it.start <= shard && shard < it.end);
  return [
    {
      variations: [open.variation],
      ...{ words: open.name, index: open.index, ranges },
      hasSubject: isInside && open.outcome === "holds",
    },
  ];
}

/**
 * @param count - number of places. Labels are added if there are several.
 * @param facts - about what is hashed.
 */
function placeStep(
  { isMembership, outcome, reason, ...place }: Place,
  count: number,
  facts: readonly string[],
): Step {
  const role = count < 2 ? [] : [isMembership ? "participation" : "variation"];
  const label = [...facts, ...role]
    .map((it) => `${it}; `)
    .join("")
    .replace(/; $/, ": ");
  return {
    outcome,
    words: placeWords(place, outcome, reason, label),
    operator: null,
    place,
    steps: [],
  };
}

function placeWords(
  { parts, shard, totalShards }: SplitPlace,
  outcome: TestOutcome,
  reason: string,
  label: string,
): string {
  const because = reason === "" ? "" : `: ${reason}`;
  if (outcome === "not-reached") return `${label || "split: "}not checked`;
  if (outcome === "unknown" || outcome === "error") {
    return `${label || "split: "}cannot be decided${because}`;
  }
  if (shard === null) return "the subject has no shard";
  const place = `${label}shard ${shard.toLocaleString("en-US")} of ${totalShards.toLocaleString("en-US")}`;
  const part = parts.find(({ hasSubject }) => hasSubject);
  return part === undefined ? `${place}, in no range` : `${place}, in the range for ${part.words}`;
}

/** Returns the outcome of alternatives, of which one must hold. */
function anyOf(tests: readonly { readonly outcome: TestOutcome }[]): TestOutcome {
  const has = (wanted: TestOutcome): boolean => tests.some(({ outcome }) => outcome === wanted);
  return (["holds", "error", "unknown", "fails"] as const).find(has) ?? "not-reached";
}
