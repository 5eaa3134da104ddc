import type { Configuration } from "@sortition/core";
import type {
  Comparison as DialectComparison,
  Explainer,
  FlagDescription,
  HashedUnit,
  RuleDescription,
} from "@sortition/core/dialect";
import { madeOnce } from "../made-once.js";
import type { JudgeRules } from "./flag-judge.js";

/** An attribute and what a rule compares it with. Some attribute names mean the subject's key. */
export type Comparison = Pick<DialectComparison, "attribute" | "expected">;

/** The dialect of a flag whose reads are looked up. */
export interface ReadingDialect {
  readonly explainer: Explainer;
  readonly judge: Pick<JudgeRules, "keyAttributes">;
}

/** Everything that a flag reads, except for the subject's key. */
export interface FlagReads {
  /** Attributes that rules compare. */
  readonly attributes: readonly string[];
  /** What the allocations hash. */
  readonly units: readonly HashedUnit[];
  /** Keys of its direct dependencies. */
  readonly flags: readonly string[];
  readonly comparisons: readonly Comparison[];
}

const NOTHING_READ: FlagReads = { attributes: [], units: [], flags: [], comparisons: [] };

/**
 * Returns what a flag reads.
 *
 * @param allocations - keys of the allocations that count. Default: all.
 */
export function readsOf(
  flagKey: string,
  configuration: Configuration,
  { explainer, judge }: ReadingDialect,
  allocations?: ReadonlySet<string>,
): FlagReads {
  const key = explainer.payloadKey(configuration, flagKey);
  if (key === null) return NOTHING_READ;
  const all = explainer.describe(configuration, key).allocations;
  const isCounted = (_: unknown, i: number): boolean =>
    allocations === undefined || allocations.has(`${all[i]?.key}`);
  const reads = explainer.readsOf(configuration, key).filter(isCounted);
  const comparisons = reads.flatMap((it) => it.comparisons);
  const attributes = new Set(comparisons.map(({ attribute }) => attribute));
  return {
    attributes: [...attributes].filter((it) => !judge.keyAttributes.includes(it)),
    units: all.filter(isCounted).flatMap(({ unit }) => unit ?? []),
    flags: reads.flatMap(({ flags }) => flags),
    comparisons,
  };
}

/** What a flag and all its dependencies read. The first key of `flags` is the flag's own. */
export function readsOfAll(
  flagKey: string,
  configuration: Configuration,
  dialect: ReadingDialect,
): FlagReads {
  const flags = new Set([flagKey]);
  const all: FlagReads[] = [];
  // The loop also visits the keys that are added to the set during the iteration.
  for (const key of flags) {
    const reads = readsOf(key, configuration, dialect);
    for (const flag of reads.flags) flags.add(flag);
    all.push(reads);
  }
  return {
    attributes: [...new Set(all.flatMap((it) => it.attributes))],
    units: all.flatMap((it) => it.units),
    flags: [...flags],
    comparisons: all.flatMap((it) => it.comparisons),
  };
}

/** Names of the attributes without which a subject cannot be evaluated. One of several that may be hashed is not needed. */
export function neededOf({
  attributes,
  units,
}: Pick<FlagReads, "attributes" | "units">): readonly string[] {
  const hashed = units.flatMap((it) => (it.attributes.length === 1 ? it.attributes : []));
  return [...new Set([...attributes, ...hashed])];
}

/** Returns a function that looks up what evaluations of a flag read although it does not need it, once for each flag. */
export function unneededBy(
  configuration: Configuration,
  dialect: ReadingDialect,
): (flagKey: string) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>();
  const unneededIn = (flagKey: string): ReadonlySet<string> => {
    const needed = neededOf(readsOfAll(flagKey, configuration, dialect));
    // Paths into the properties of groups contain this name instead of beginning with it.
    const isNeeded = (name: string) => needed.some((it) => `.${it}.`.includes(`.${name}.`));
    const { always, lookedUp = [] } = dialect.explainer.attributes;
    return new Set([...always, ...lookedUp].filter((name) => !isNeeded(name)));
  };
  return (flagKey) => madeOnce(known, flagKey, () => unneededIn(flagKey));
}

/** The conditions of a flag's rules. */
export function conditionsIn({
  allocations,
}: Pick<FlagDescription, "allocations">): readonly RuleDescription["conditions"][number][] {
  return allocations.flatMap(({ rules }) => rules.flatMap(({ conditions }) => conditions));
}
