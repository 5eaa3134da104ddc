import type { AllocationDescription, Explanation, FlagDescription } from "@sortition/core/dialect";
import { windowStateAt } from "@sortition/core/dialect-internal";
import type { JsonObject } from "../evaluate/request.js";
import type { Decision, JudgedSubject } from "../judge/flag-judge.js";

/** Shares that differ by less than this are equal. */
const TOLERANCE = 1e-9;
/** Maximum number of cached paths for a flag. */
const MAX_KNOWN = 20_000;
/** Keys to try when looking for one in the share of a split, and the number of subjects to try them for. */
const MAX_PROBES = 400;
const MAX_SEARCHES = 3;
/** The decider if no allocation decides. */
const DEFAULT = "default";

/** What decided an evaluation. */
export interface Path {
  /** The allocation, or `default`. */
  readonly decider: string;
  /** The first split whose rules the subject passed, whether or not it is in the share; `null` if there is none. */
  readonly split: string | null;
}

/** What a {@link SplitFinder} needs to know about a flag. */
export interface FlagFacts {
  readonly description: FlagDescription;
  /** The attributes that rules read. */
  readonly attributes: readonly string[];
  /** Whether a rule compares the subject's key or depends on another flag. */
  readonly readsKey: boolean;
  readonly nowMs: number;
  decide(subject: JudgedSubject): Decision;
  /** Traces the evaluation of a subject, which takes ten times as long. */
  explain(subject: JudgedSubject): Explanation;
}

/** Finds the split that a subject is in. Unlike the variation, the split does not depend on the hash. */
export class SplitFinder {
  readonly #facts: FlagFacts;
  readonly #keys: readonly string[];
  /** Paths by the index of the deciding allocation, the default last; `undefined` if the evaluation must be traced. */
  readonly #answers: readonly (Path | undefined)[];
  readonly #splits: ReadonlySet<string>;
  readonly #openSplits: readonly boolean[];
  readonly #hasUnnamed: boolean;
  readonly #known = new Map<string, Path>();
  /** A key in the share of each split, by the index of the split, or the number of searches that found none. */
  readonly #inside = new Map<number, string | number>();

  constructor(facts: FlagFacts) {
    this.#facts = facts;
    const { allocations } = facts.description;
    this.#keys = allocations.map(({ key }) => key);
    this.#splits = new Set(allocations.filter(isSplit).map(({ key }) => key));
    this.#openSplits = allocations.map((it) => isSplit(it) && isOpen(it, facts.nowMs));
    // The description of an unnamed allocation has its index as the key, and evaluations do not name it.
    this.#hasUnnamed = allocations.some(({ key }, i) => key === String(i));
    this.#answers = [...this.#keys, DEFAULT].map((_, i) => staticPath(facts, i));
  }

  /** Whether the value of a subject may depend on its hash. */
  get hasSplits(): boolean {
    return this.#splits.size > 0;
  }

  /** The allocation that decided, or `default`. */
  deciderOf(decision: Decision, subject: JudgedSubject): string {
    const index = this.#indexOf(decision);
    return index === null ? this.#observed(subject).decider : this.#nameOf(index);
  }

  /** What decided the evaluation of a subject. */
  pathOf(decision: Decision, subject: JudgedSubject): Path {
    const index = this.#indexOf(decision);
    const path = index === null ? undefined : this.#answers[index];
    if (path !== undefined) return path;
    if (index === null) return this.#observed(subject);
    const probed = this.#probed(index, subject);
    if (probed !== null) return probed;
    const key = `${index} ${this.#signatureOf(subject)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = this.#observed(subject);
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(key, found);
    if (found.split !== found.decider) this.#searchKeyFor(found, subject);
    return found;
  }

  /**
   * Finds out whether the subject passes the rules of a split by evaluating its attributes with a key in the share; `null`
   * if no such key is known.
   */
  #probed(index: number, { attributes }: JudgedSubject): Path | null {
    const { allocations } = this.#facts.description;
    for (const [i, { key }] of allocations.slice(0, index).entries()) {
      if (this.#openSplits[i] !== true) continue;
      const inside = this.#inside.get(i);
      if (typeof inside !== "string") return null;
      const other = this.#indexOf(this.#facts.decide({ key: inside, attributes }));
      if (other === null) return null;
      if (other === i) return { decider: this.#nameOf(index), split: key };
    }
    const decider = this.#nameOf(index);
    return { decider, split: this.#openSplits[index] === true ? decider : null };
  }

  /** Searches for a key that puts the subject into the share of the split, which proves that the key is hashed. */
  #searchKeyFor({ split }: Path, { attributes }: JudgedSubject): void {
    if (split === null || this.#facts.readsKey) return;
    const index = this.#keys.indexOf(split);
    const known = this.#inside.get(index) ?? 0;
    if (typeof known === "string" || known >= MAX_SEARCHES) return;
    this.#inside.set(index, known + 1);
    for (let i = 0; i < MAX_PROBES; i++) {
      const key = `probe-${i}`;
      if (this.#indexOf(this.#facts.decide({ key, attributes })) !== index) continue;
      this.#inside.set(index, key);
      return;
    }
  }

  #nameOf(index: number): string {
    return this.#keys[index] ?? DEFAULT;
  }

  /** The index of the allocation that decided; `null` if the decision does not show it. */
  #indexOf({ allocation, kind }: Decision): number | null {
    if (kind !== "assigned") return this.#keys.length;
    const isLastDefault = this.#keys.at(-1) === DEFAULT;
    if (allocation === null) {
      if (this.#hasUnnamed) return null;
      return isLastDefault ? this.#keys.length - 1 : this.#keys.length;
    }
    const index = this.#keys.indexOf(allocation);
    return index === -1 || this.#keys.includes(allocation, index + 1) ? null : index;
  }

  /** Everything that the rules read from a subject, as a string. */
  #signatureOf({ attributes, key }: JudgedSubject): string {
    const { attributes: names, description, readsKey } = this.#facts;
    const read = description.isHashed ? attributes : readOf(attributes, names);
    return JSON.stringify(readsKey ? [key, read] : read);
  }

  #observed(subject: JudgedSubject): Path {
    const allocations = this.#facts.explain(subject).flag?.allocations ?? [];
    const applied = allocations.find(({ outcome }) => outcome === "applies");
    const split = allocations.find(
      ({ key, outcome }) =>
        this.#splits.has(key) && (outcome === "applies" || outcome === "no-split-matches"),
    );
    return { decider: applied?.key ?? DEFAULT, split: split?.key ?? null };
  }
}

/** The path if the allocation at an index decides; `undefined` if it depends on the subject. */
function staticPath({ description, nowMs }: FlagFacts, index: number): Path | undefined {
  const { allocations } = description;
  const decider = allocations[index]?.key ?? DEFAULT;
  const before = allocations.slice(0, index).find((it) => isSplit(it) && isOpen(it, nowMs));
  if (before !== undefined) {
    return before.rules.length === 0 ? { decider, split: before.key } : undefined;
  }
  const allocation = allocations[index];
  return { decider, split: allocation !== undefined && isSplit(allocation) ? decider : null };
}

function isOpen({ window }: AllocationDescription, nowMs: number): boolean {
  return windowStateAt(window, nowMs) === "open";
}

/** Whether the hash matters for subjects that pass the rules. */
function isSplit({ splits, traffic }: AllocationDescription): boolean {
  if (traffic === null) return splits.some(({ shards }) => shards.length > 0);
  const shares = [...traffic.byVariation.values()].filter((share) => share > TOLERANCE);
  return shares.length > 1 || shares.some((share) => share < 1 - TOLERANCE);
}

/** The attributes with these names, and all attributes with objects, because names may be paths into them. */
function readOf(attributes: JsonObject, names: readonly string[]): readonly unknown[] {
  const read: unknown[] = names.map((name) => attributes[name]);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "object" && value !== null) read.push(name, value);
  }
  return read;
}
