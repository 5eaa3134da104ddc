import type {
  AllocationOutcome,
  ExplainedAllocation,
  ExplainedSplit,
  Explanation,
  TestOutcome,
} from "@sortition/core/dialect";
import { conditionStepWords } from "./plain-words.js";
import { nameVariations } from "./variation-names.js";
import { windowWords } from "./window-words.js";

/** A check in plain words, with the checks it consists of. */
export interface Step {
  readonly outcome: TestOutcome;
  readonly words: string;
  /** For a check of a split; otherwise `null`. */
  readonly place: SplitPlace | null;
  readonly steps: readonly Step[];
}

/** An allocation with its checks in plain words. An allocation that was not reached has none. */
export interface AllocationSteps {
  readonly key: string;
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
}

/** Ranges of shards that lead to the same variations. */
export interface SplitPart {
  readonly variations: readonly string[];
  /** Names of the variations for people, in the same order. */
  readonly names: readonly string[];
  /** Whether the part leads to every variation of the allocation. */
  readonly isWhole: boolean;
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
  "no-split-matches": ["fails", "subject in no split"],
  unknown: ["unknown", "cannot be decided"],
  error: ["error", "error"],
  "not-reached": ["not-reached", "skipped"],
};

/** Returns what was checked for each allocation, in order. */
export function explanationSteps({ flag }: Explanation): readonly AllocationSteps[] {
  if (flag === null) return [];
  const { byAllocation } = nameVariations(flag);
  return flag.allocations.map(({ splits, ...allocation }, i) => {
    const [outcome, words] = OUTCOMES[allocation.outcome];
    const named = splits.map((it) => {
      return { ...it, name: byAllocation[i]?.get(it.variation)?.name ?? it.variation };
    });
    return {
      key: allocation.key,
      outcome,
      words,
      steps: stepsOf({ ...allocation, splits: named }),
    };
  });
}

interface Split extends ExplainedSplit {
  /** Name of its variation. */
  readonly name: string;
}

type Shard = Split["shards"][number];

interface Allocation extends ExplainedAllocation {
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
  return { outcome, words, place: null, steps };
}

function windowSteps({ window }: ExplainedAllocation, outcome: TestOutcome): readonly Step[] {
  if (window === null) return [];
  return [step(outcome, `active ${windowWords(window)}`)];
}

function ruleSteps({ rules }: ExplainedAllocation): readonly Step[] {
  const [first, ...others] = rules;
  if (first === undefined) return [step("holds", "all subjects match")];
  if (others.length === 0) return [ruleStep(first, "")];
  const steps = rules.map((rule, i) => ruleStep(rule, `rule ${i + 1}: `));
  return [step(anyOf(rules), "one of these rules must match", steps)];
}

/** @param name - prefix of the step's words, such as `rule 1: `. Empty if the allocation has a single rule. */
function ruleStep(rule: ExplainedAllocation["rules"][number], name: string): Step {
  const { conditions, outcome, problem } = rule;
  if (problem !== null) return step(outcome, `${name}${problem}`);
  const [first, ...others] = conditions;
  if (first === undefined) return step(outcome, `${name}all subjects match`);
  if (others.length === 0) return step(first.outcome, `${name}${conditionStepWords(first)}`);
  const steps = conditions.map((it) => step(it.outcome, conditionStepWords(it)));
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
  const isDecidedByShard = taken?.shards.some(({ outcome }) => outcome === "holds") ?? true;
  return [
    ...placesOf(splits).map(placeStep),
    ...failed.map(({ name, problem, reason }) =>
      step("error", `split for ${name}: ${reason || (problem ?? "malformed")}`),
    ),
    ...(taken === undefined || isDecidedByShard
      ? []
      : [step("holds", `the subject gets ${taken.name}`)]),
  ];
}

interface Place extends SplitPlace {
  readonly outcome: TestOutcome;
  /** Message of the check that failed with an error or could not be carried out. */
  readonly reason: string;
}

/** Groups the shard conditions of all splits by salt. Conditions of one split with the same salt stay apart. */
function placesOf(splits: readonly Split[]): readonly Place[] {
  const variations = new Set(splits.map(({ variation }) => variation));
  const groups = new Map<string, [split: Split, shard: Shard][]>();
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
    return {
      ...{ salt, totalShards, outcome: anyOf(shards) },
      shard: shards.find(({ shard }) => shard !== null)?.shard ?? null,
      reason: shards.map((it) => it.problem ?? it.reason).find((it) => it !== "") ?? "",
      parts: partsOf(tests, variations),
    };
  });
}

function partsOf(
  tests: readonly (readonly [Split, Shard])[],
  variations: ReadonlySet<string>,
): readonly SplitPart[] {
  const byRanges = new Map<string, (readonly [Split, Shard])[]>();
  for (const test of tests) {
    const ranges = JSON.stringify(test[1].ranges);
    const same = byRanges.get(ranges);
    if (same === undefined) byRanges.set(ranges, [test]);
    else same.push(test);
  }
  return [...byRanges.values()].map((same) => {
    const names = new Map(same.map(([{ name, variation }]) => [variation, name]));
    const its = [...names.keys()];
    return {
      variations: its,
      names: [...names.values()],
      isWhole: its.length > 1 && its.length === variations.size,
      ranges: same[0]?.[1].ranges ?? [],
      hasSubject: same.some(([, { outcome }]) => outcome === "holds"),
    };
  });
}

function placeStep({ outcome, reason, ...place }: Place): Step {
  return { outcome, words: placeWords(place, outcome, reason), place, steps: [] };
}

function placeWords(
  { parts, shard, totalShards }: SplitPlace,
  outcome: TestOutcome,
  reason: string,
): string {
  const because = reason === "" ? "" : `: ${reason}`;
  if (outcome === "not-reached") return "split: not checked";
  if (outcome === "unknown" || outcome === "error") return `split: cannot be decided${because}`;
  if (shard === null) return "the subject has no shard";
  const place = `shard ${shard.toLocaleString("en-US")} of ${totalShards.toLocaleString("en-US")}`;
  const part = parts.find(({ hasSubject }) => hasSubject);
  if (part === undefined) return `${place}, in no range`;
  return `${place}, in the range for ${partWords(part)}`;
}

/** Names the variations that a part leads to. */
export function partWords({ isWhole, names }: SplitPart): string {
  return isWhole ? "this allocation" : names.join(" or ");
}

/** Returns the outcome of alternatives, of which one must hold. */
function anyOf(tests: readonly { readonly outcome: TestOutcome }[]): TestOutcome {
  const has = (wanted: TestOutcome): boolean => tests.some(({ outcome }) => outcome === wanted);
  return (["holds", "error", "unknown", "fails"] as const).find(has) ?? "not-reached";
}
