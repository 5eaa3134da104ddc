import { PLAIN_WORDS, rulesWords } from "@sortition/core/dialect-internal";
import { lackingText } from "../diff/measuring.js";
import type { JudgedSubject } from "../judge/flag-judge.js";
import { isNamed } from "./candidates.js";
import type { ComparedPair } from "./compared-pair.js";
import {
  type CountedDifferences,
  DifferenceTally,
  type DifferingSubject,
  exampleIn,
  type Group,
  type Oddness,
} from "./difference-tally.js";
import type { FlagSide } from "./flag-side.js";
import { type ShareVerdict, shareVerdict } from "./share-verdict.js";
import { smallestExample } from "./smallest-example.js";
import { type UnitCounts, unitsText } from "./unit-counts.js";

/** Number of made-up keys for comparing the shares of a split. */
const SPLIT_KEYS = 10_000;
/** Maximum number of lines shown of an explanation. */
const MAX_LINES = 8;
const NOWHERE = { file: null, line: 0 };

/** What differs between a flag of OLD and a flag of NEW. */
export interface PairReport {
  readonly oldKey: string;
  readonly newKey: string;
  readonly source: "subjects" | "generated";
  readonly total: number;
  /** Subjects that get a different value, except in splits whose shares agree. */
  readonly differ: number;
  /** Subjects that get a different value in splits whose shares agree. */
  readonly reshuffled: number;
  /** Number of subjects by the reason why the files cannot decide. */
  readonly undecided: ReadonlyMap<string, number>;
  /** See {@link CountedDifferences.lacking}. */
  readonly lacking: ReadonlyMap<string, number>;
  /** Why the number of real subjects that differ is unknown; `null` if it is known. */
  readonly unmeasured: string | null;
  /** The groups with different values, the largest first. */
  readonly differences: readonly Difference[];
  readonly splits: readonly SplitReport[];
}

/** Subjects that get a different value and were decided by the same allocations. */
export interface Difference {
  readonly old: string;
  readonly now: string;
  /** Whether only one side decides by the hash. */
  readonly isEntry: boolean;
  readonly count: number;
  readonly moved: number;
  /** Values before and after, the most frequent first. */
  readonly values: readonly {
    readonly old: string;
    readonly now: string;
    readonly count: number;
  }[];
  readonly example: ShownExample | null;
  readonly subjects: readonly DifferingSubject[];
}

/** A split of OLD and the split of NEW that contains the same subjects. */
export interface SplitReport extends ShareVerdict {
  readonly old: string;
  readonly now: string;
  /** What is hashed, if it is not the key of the subject on both sides; otherwise `null`. */
  readonly units: UnitCounts | null;
  readonly count: number;
  readonly moved: number;
  readonly example: ShownExample | null;
  readonly subjects: readonly DifferingSubject[];
}

/** A minimal example subject of a group, with the reasons for its results. */
export interface ShownExample {
  readonly subject: JudgedSubject;
  readonly oddness: Oddness;
  /** Attributes whose values were copied from a given subject. */
  readonly ownAttributes: readonly string[];
  readonly hasOwnKey: boolean;
  /** Lines that explain what decided in OLD and in NEW. */
  readonly why: readonly [readonly string[], readonly string[]];
}

export interface ReportOptions {
  /** Whether the subjects are made up. */
  readonly isMadeUp: boolean;
  /** Whether to show values of given subjects. */
  readonly showsSubjects: boolean;
  /** The columns that `--map` does not read as attributes; none without `--map`. */
  readonly columns: readonly string[];
  /** Number of splits compared across all flags. */
  readonly splits: number;
}

export function isSplitGroup({ kind }: Group): boolean {
  return kind === "split";
}

/** Number of subjects whose values the files cannot decide, or that lack an attribute that may change them. */
export function openIn({ lacking, undecided }: PairReport): number {
  return [...undecided.values(), ...lacking.values()].reduce((sum, n) => sum + n, 0);
}

/** Builds the report of a pair from its counts. */
export function pairReport(
  pair: ComparedPair,
  counted: CountedDifferences,
  options: ReportOptions,
): PairReport {
  const { isMadeUp } = options;
  const { groups, total, undecided } = counted;
  const splitGroups = groups.filter(isSplitGroup);
  const splits = splitGroups.map((group) => splitReport(pair, group, options));
  const differences = groups
    .filter(({ kind, moved }) => kind !== "split" && moved > 0)
    .map((group) => differenceOf(pair, group, options))
    .sort((a, b) => b.moved - a.moved);
  const movedIn = (kinds: readonly { readonly moved: number }[]) =>
    kinds.reduce((sum, { moved }) => sum + moved, 0);
  // The shares of made-up subjects are those of other keys, so the subjects are counted in the groups.
  const isWrong = (_: unknown, i: number): boolean => splits[i]?.kind === "shares-differ";
  const differ = movedIn(differences) + movedIn(splitGroups.filter(isWrong));
  return {
    oldKey: pair.pair.oldKey,
    newKey: pair.pair.newKey,
    source: isMadeUp ? "generated" : "subjects",
    total,
    differ,
    reshuffled: movedIn(splitGroups.filter((_, i) => !isWrong(_, i))),
    undecided,
    lacking: counted.lacking,
    unmeasured: unmeasuredOf(pair, counted, options) ?? otherUnits(pair, splits, isMadeUp),
    differences,
    splits,
  };
}

function unmeasuredOf(
  { attributes, isHashed }: ComparedPair,
  { lacking, total, undecided }: CountedDifferences,
  { columns, isMadeUp }: ReportOptions,
): string | null {
  const [problem] = undecided.keys();
  const open = [...undecided.values()].reduce((sum, n) => sum + n, 0);
  if (problem !== undefined) {
    const some =
      open === total ? "no subject could be evaluated" : "some subjects could not be evaluated";
    return `${some}: ${problem}`;
  }
  if (isMadeUp && attributes.length > 0) {
    const read = isHashed ? "attributes whose names are hashed" : attributes.join(", ");
    return `the flag reads ${read}, but the subjects are made up. Add --subjects FILE`;
  }
  return lacking.size === 0 ? null : lackingText("the flag", lacking, columns);
}

/** Says that a split hashes other units, so that its shares were not compared; `null` if none does. */
function otherUnits(
  pair: ComparedPair,
  splits: readonly SplitReport[],
  isMadeUp: boolean,
): string | null {
  const other = splits.find(({ kind }) => kind === "units-differ");
  if (other?.units) return `the hashed unit changed: ${unitsText(other.units)}`;
  // Each made-up subject has units of its own, so only the names of their attributes can differ.
  const renamed = splits.find(({ units }) => isMadeUp && units !== null && !pair.isSameUnit(units));
  if (!renamed?.units) return null;
  const [old, now] = renamed.units.units.map(({ name }) => name);
  return `OLD hashes ${old}, NEW hashes ${now}, and the subjects are made up. Add --subjects FILE`;
}

function differenceOf(pair: ComparedPair, group: Group, options: ReportOptions): Difference {
  const values = [...group.values].map(([key, count]) => {
    const [old, now] = JSON.parse(key) as [string, string]; // see `Group.values`
    return { old, now, count };
  });
  return {
    old: group.old,
    now: group.now,
    isEntry: group.kind === "entry",
    count: group.count,
    moved: group.moved,
    values: values.filter(({ now, old }) => now !== old).sort((a, b) => b.count - a.count),
    example: exampleOf(pair, group, options),
    subjects: group.subjects,
  };
}

function splitReport(pair: ComparedPair, group: Group, options: ReportOptions): SplitReport {
  const compared = options.isMadeUp ? withMadeUpKeys(pair, group) : group;
  const verdict = shareVerdict(compared, options.splits);
  const { count, moved, now, old, subjects, units } = compared;
  const example = verdict.kind === "shares-differ" ? exampleOf(pair, group, options) : null;
  return { ...verdict, old, now, units, count, moved, subjects, example };
}

/** Replaces a group's subjects with made-up keys that have the attributes of its example, so that its shares can be compared. */
function withMadeUpKeys(pair: ComparedPair, group: Group): Group {
  const example = exampleIn(group);
  if (example === null) return group;
  const { attributes } = example.subject;
  const tally = new DifferenceTally(pair.attributes, pair.candidates);
  for (let i = 0; i < SPLIT_KEYS; i++) {
    const subject = pair.withUnits({ key: `key-${i}`, attributes }, i);
    pair.addTo(tally, { subject, oddness: 0 }, NOWHERE);
  }
  const same = tally.counted.groups.find(
    ({ kind, now, old }) => kind === group.kind && now === group.now && old === group.old,
  );
  return same ?? group;
}

function exampleOf(
  pair: ComparedPair,
  group: Group,
  { isMadeUp, showsSubjects }: ReportOptions,
): ShownExample | null {
  const example = exampleIn(group);
  if (example === null) return null;
  const found = smallestExample(example.subject, (subject) => pair.isIn(group, subject));
  const { subject } = found;
  const ownAttributes = Object.entries(subject.attributes).flatMap(([name, value]) => {
    return isMadeUp || isNamed(value, name, pair.candidates) ? [] : name;
  });
  const hasOwnKey = !isMadeUp && found.hasOwnKey;
  const isShown = showsSubjects || (ownAttributes.length === 0 && !hasOwnKey);
  const explained = isShown ? pair.reasonsFor(subject) : ([null, null] as const);
  return {
    subject,
    oddness: example.oddness,
    ownAttributes,
    hasOwnKey,
    why: [whyLines(pair.old, explained[0], group.old), whyLines(pair.now, explained[1], group.now)],
  };
}

/** Explains the result. Without reasons, shows only the allocation's rules, which contain no values of subjects. */
function whyLines(
  { description }: FlagSide,
  reasons: readonly string[] | null,
  decider: string,
): readonly string[] {
  if (reasons !== null) return reasons.slice(0, MAX_LINES);
  const allocation = description.allocations.find(({ key }) => key === decider);
  return [
    allocation === undefined ? decider : `${decider}: ${rulesWords(allocation.rules, PLAIN_WORDS)}`,
  ];
}
