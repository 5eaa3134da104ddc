import type { JudgedSubject } from "../judge/flag-judge.js";
import { neededOf } from "../judge/flag-reads.js";
import { hasAll } from "../judge/watched-attributes.js";
import type { Place } from "../rows/place.js";
import { canonicalText } from "../text/canonical-text.js";
import { type Candidates, candidatesOf } from "./candidates.js";
import type { ComparedSide } from "./compared-side.js";
import { comparedTypes } from "./compared-type.js";
import { type DifferenceTally, type Example, type Group, kindOf } from "./difference-tally.js";
import type { FlagPair } from "./flag-pairs.js";
import { type FlagResult, FlagSide, type ValueReading } from "./flag-side.js";
import { type MadeFrom, madeSubjects } from "./made-subjects.js";
import type { SubjectNames } from "./subject-names.js";
import type { UnitCounts } from "./unit-counts.js";
import type { VendorMap } from "./vendor-map.js";

/** The context that a {@link ComparedPair} needs. */
export interface PairedConfigurations {
  readonly sides: readonly [ComparedSide, ComparedSide];
  readonly map: VendorMap;
  readonly names: SubjectNames;
  readonly nowMs: number;
  /** Attributes whose absence is real; `null` if the subjects are made up. */
  readonly absent: readonly string[] | null;
}

/** A flag of OLD and the flag of NEW that replaces it, evaluated for the same subjects. */
export class ComparedPair {
  readonly pair: FlagPair;
  readonly old: FlagSide;
  readonly now: FlagSide;
  /** Attributes that the rules of both flags read, by their names in OLD. */
  readonly attributes: readonly string[];
  /** Attributes without which a subject is undecided. */
  readonly #needed: ReadonlySet<string>;
  readonly #names: SubjectNames;
  readonly #from: MadeFrom;

  /** @throws UsageError if a value in the map has a different type than the flag. */
  constructor(pair: FlagPair, { absent, map, names, nowMs, sides }: PairedConfigurations) {
    this.pair = pair;
    this.#names = names;
    const readings = readingsOf(pair, sides, map);
    this.old = new FlagSide({ side: sides[0], key: pair.oldKey, reading: readings[0], nowMs });
    this.now = new FlagSide({ side: sides[1], key: pair.newKey, reading: readings[1], nowMs });
    const both = [this.old, this.now] as const;
    const comparisons = both.flatMap(({ reads }, i) =>
      reads.comparisons.map(({ attribute, expected }) => ({
        isKey: sides.some((side) => side.isKey(attribute)),
        attribute: i === 0 ? attribute : names.oldName(attribute),
        expected,
      })),
    );
    const ofKeys = comparisons.filter(({ isKey }) => isKey);
    const hashed = both.flatMap(({ units }, i) =>
      neededOf({ attributes: [], units }).map((it) => (i === 0 ? it : names.oldName(it))),
    );
    this.attributes = [
      ...new Set([
        ...this.old.reads.attributes,
        ...this.now.reads.attributes.map((name) => names.oldName(name)),
      ]),
    ];
    this.#needed = new Set(
      absent === null
        ? []
        : [...this.attributes, ...hashed].filter((name) => !absent.includes(name)),
    );
    this.#from = {
      candidates: candidatesOf(comparisons.filter(({ isKey }) => !isKey)),
      keys: [...new Set(ofKeys.flatMap(({ expected }) => textsIn(expected)))],
      withUnits: (subject, number) => this.withUnits(subject, number),
    };
  }

  get candidates(): Candidates {
    return this.#from.candidates;
  }

  /** Returns a subject with values of its own for everything that is hashed instead of the key. */
  withUnits(subject: JudgedSubject, number: number): JudgedSubject {
    const own = { ...subject, attributes: this.old.withUnits(subject, number) };
    const inNew = this.now.withUnits(this.#names.inNew(own), number);
    return { ...own, attributes: this.#names.inOld(inNew) };
  }

  /** Whether both sides hash the same attribute, or the key. */
  isSameUnit({ units: [old, now] }: UnitCounts): boolean {
    const names = now.attributes.map((name) => this.#names.oldName(name));
    if (names.length === 0 || old.attributes.length === 0) {
      return names.length === old.attributes.length;
    }
    return names.some((name) => old.attributes.includes(name));
  }

  /** Whether conditions contain hashes, so that subjects cannot be made up from them. */
  get isHashed(): boolean {
    return this.old.description.isHashed || this.now.description.isHashed;
  }

  made(): readonly Example[] {
    return madeSubjects(this.#from);
  }

  /** Evaluates a subject with both configurations. */
  addTo(tally: DifferenceTally, example: Example, place: Place): void {
    const { subject } = example;
    const [old, now] = this.resultsOf(subject);
    tally.add(old, now, example, place);
    // A difference in a split may be due to the hash alone, and is not counted then.
    const isEqual = old.value === now.value || kindOf(old, now) === "split";
    const missing = isEqual ? this.#missingIn(subject) : null;
    if (missing !== null) tally.noteLacking(missing);
  }

  /** An attribute that a flag reads and the subject lacks; `null` if there is none. */
  #missingIn(subject: JudgedSubject): string | null {
    if (hasAll(subject.attributes, this.#needed)) return null;
    const inNew = new Set([...this.#needed].map((name) => this.#names.newName(name)));
    const now = this.now.missingIn(this.#names.inNew(subject), inNew);
    return this.old.missingIn(subject, this.#needed) ?? (now && this.#names.oldName(now));
  }

  /** The attribute of a `bigint` that a flag reads, by its name in OLD; `null` if there is none. */
  roundedIn(subject: JudgedSubject): string | null {
    const now = this.now.roundedIn(this.#names.inNew(subject));
    return this.old.roundedIn(subject) ?? (now && this.#names.oldName(now));
  }

  resultsOf(subject: JudgedSubject): readonly [FlagResult, FlagResult] {
    return [this.old.resultOf(subject), this.now.resultOf(this.#names.inNew(subject))];
  }

  /** Both sides, with a subject as each of them names it. */
  sidesOf(subject: JudgedSubject): readonly (readonly [FlagSide, JudgedSubject])[] {
    return [
      [this.old, subject],
      [this.now, this.#names.inNew(subject)],
    ];
  }

  /** Whether a subject belongs to a group. In a group of kind `values`, the subject must also get different values. */
  isIn({ kind, now: isNow, old: wasOld }: Group, subject: JudgedSubject): boolean {
    const [old, now] = this.resultsOf(subject);
    if (old.problem !== null || now.problem !== null || kindOf(old, now) !== kind) return false;
    if ([old, now].some(({ hashed }) => hashed?.value === null)) return false;
    if (wasOld !== (old.split ?? old.decider) || isNow !== (now.split ?? now.decider)) return false;
    return kind !== "values" || old.value !== now.value;
  }

  /** Explains both results of a subject. */
  reasonsFor(subject: JudgedSubject): readonly [readonly string[], readonly string[]] {
    return [this.old.reasonsFor(subject), this.now.reasonsFor(this.#names.inNew(subject))];
  }
}

function readingsOf(
  pair: FlagPair,
  sides: readonly [ComparedSide, ComparedSide],
  map: VendorMap,
): readonly [ValueReading, ValueReading] {
  const descriptions = [
    sides[0].descriptionOf(pair.oldKey),
    sides[1].descriptionOf(pair.newKey),
  ] as const;
  const [oldType, newType] = comparedTypes(pair, descriptions, map.name);
  const { values = [] } = pair.mapped ?? {};
  const { defaults } = map;
  const defaultValue =
    pair.mapped?.defaultValue ?? defaults.get(pair.oldKey) ?? defaults.get(pair.newKey);
  const defaultText = defaultValue === undefined ? null : canonicalText(defaultValue);
  const renamed = new Map(values.map(([old, now]) => [canonicalText(old), canonicalText(now)]));
  return [
    { type: oldType, renamed, defaultText },
    { type: newType, renamed: new Map(), defaultText },
  ];
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
