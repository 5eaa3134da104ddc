import type { FlagDescription } from "@sortition/core/dialect";
import { seededRandom } from "@sortition/proof";
import type { PlaceOfCondition } from "../dialects/place.js";
import type { SubjectWatch, WatchReport } from "../diff/subject-watch.js";
import type { JudgedSubject } from "../judge/flag-judge.js";
import type { ComparedPair } from "../two-vendors/compared-pair.js";
import { experimentsOf, keysOf } from "./experiments.js";
import { type Holdouts, heldOutBy, holdoutsIn } from "./holdouts.js";
import { type FlagExperiments, type LayerCounts, layersIn } from "./kept-apart.js";
import { watchReport } from "./report.js";

/** Number of made-up subjects. */
const MADE_UP = 10_000;
const SEED = 108;
/** Exceeded by the square of a difference, in units of its variance, once in 100,000 times. */
const MAX_SQUARE = 20;

/** The pairs of flags to watch. */
export interface WatchedFlags {
  readonly flags: readonly DescribedPair[];
  /** See `CliDialect.placeOf`, in OLD and in NEW. */
  readonly placesOf: readonly [PlaceOfCondition, PlaceOfCondition];
  readonly nowMs: number;
  readonly isMadeUp: boolean;
}

/** A flag of OLD and the flag of NEW that replaces it. */
export interface DescribedPair {
  readonly old: FlagDescription;
  readonly now: FlagDescription;
  /** Whether subjects may get something else from the flag of NEW. */
  readonly mayDiffer: boolean;
  /** Opens the pair to evaluate it, if it shares subjects with another one or has a holdout. */
  open(): ComparedPair;
}

/** The subjects whom a holdout of OLD keeps from the treatments of some flags. */
export interface HeldOut {
  readonly holdout: string;
  readonly flags: readonly string[];
  held: number;
  /** Number of them who get another value from a flag that has no holdout in NEW. */
  differ: number;
  /** Number of subjects whom OLD holds out of flags that have a holdout in NEW, too, and whom NEW holds out of them. */
  readonly inBoth: { old: number; now: number };
}

/** A pair of flags that is evaluated for each subject. */
interface Member {
  readonly pair: ComparedPair;
  /** Keys of the experiments in NEW. */
  readonly experiments: ReadonlySet<string>;
  /** Holdouts by their allocations, in OLD and in NEW. */
  readonly holdouts: readonly [Holdouts, Holdouts];
}

/** Where one subject is in a pair of flags. */
interface Location {
  /** Whether it is in an experiment in NEW. */
  readonly isIn: boolean;
  /** The holdout that it belongs to, in OLD and in NEW. */
  readonly holdouts: readonly [string | undefined, string | undefined];
}

/** Counts subjects who would be in flags that OLD keeps apart, or get what OLD holds them out of. */
export class SharedSubjects implements SubjectWatch {
  /** By the indexes of the flags. */
  readonly #members = new Map<number, Member>();
  readonly #isMadeUp: boolean;
  readonly #layers: readonly LayerCounts[];
  readonly #heldOut: readonly SharedHoldout[];
  #total = 0;

  constructor({ flags, isMadeUp, nowMs, placesOf: [oldPlace, newPlace] }: WatchedFlags) {
    const known = flags.map(
      (flag): KnownPair => ({
        flag,
        key: flag.old.key,
        holdouts: [holdoutsIn(flag.old, oldPlace), holdoutsIn(flag.now, newPlace)],
        old: experimentsOf(flag.old, oldPlace, nowMs),
        now: experimentsOf(flag.now, newPlace, nowMs),
      }),
    );
    this.#isMadeUp = isMadeUp;
    this.#layers = layersIn(known);
    this.#heldOut = heldOutIn(known);
    for (const i of [...this.#layers, ...this.#heldOut].flatMap(({ indexes }) => indexes)) {
      if (this.#members.has(i)) continue;
      const { flag, holdouts, now } = known[i] as KnownPair; // it is an index
      this.#members.set(i, { pair: flag.open(), experiments: keysOf(now), holdouts });
    }
  }

  add(subject: JudgedSubject): void {
    this.#total += 1;
    const locations = new Map<number, Location>();
    for (const [i, member] of this.#members) {
      const location = locationIn(member, subject);
      if (location !== null) locations.set(i, location);
    }
    const isIn = (i: number): boolean => locations.get(i)?.isIn === true;
    for (const layer of this.#layers) layer.add(isIn);
    for (const { counts, indexes } of this.#heldOut) {
      let [isHeld, differs, inOld, inNow] = [false, false, false, false];
      for (const i of indexes) {
        const location = locations.get(i);
        const member = this.#members.get(i);
        if (location === undefined || member === undefined) continue;
        const [old, now] = location.holdouts;
        const isHeldHere = old === counts.holdout;
        isHeld ||= isHeldHere;
        if (member.holdouts[1].size > 0) {
          inOld ||= isHeldHere;
          inNow ||= now !== undefined;
        } else if (isHeldHere) {
          differs ||= getsOther(member, subject);
        }
      }
      counts.held += Number(isHeld);
      counts.differ += Number(differs);
      counts.inBoth.old += Number(inOld);
      counts.inBoth.now += Number(inNow);
    }
  }

  report(): WatchReport {
    if (this.#isMadeUp) this.#addMadeUp();
    return watchReport({
      apart: this.#layers.map(({ counted }) => counted).filter(({ both }) => both > 0),
      heldOut: this.#heldOut.map(({ counts }) => counts).filter(isFound),
      total: this.#total,
      isMadeUp: this.#isMadeUp,
    });
  }

  /** Adds keys that have the attributes that rules of the flags compare. */
  #addMadeUp(): void {
    const pairs = [...this.#members.values()].map(({ pair }) => pair);
    if (pairs.length === 0) return;
    const random = seededRandom(SEED);
    const rows = pairs.map((pair) => {
      const plain = pair.made().filter(({ oddness }) => oddness === 0);
      return plain.map(({ subject }) => subject.attributes);
    });
    for (let i = 0; i < MADE_UP; i++) {
      const some = rows.map((it) => it[Math.floor(random() * it.length)] ?? {});
      const subject = { key: `key-${i}`, attributes: Object.assign({}, ...some) };
      this.add(pairs.reduce((it, pair) => pair.withUnits(it, i), subject));
    }
  }
}

/** Returns where a subject is in a pair of flags; `null` if a file cannot decide it. */
function locationIn(
  { experiments, holdouts, pair }: Member,
  subject: JudgedSubject,
): Location | null {
  const [old, now] = pair.sidesOf(subject).map(([side, named], i) => {
    const allocation = side.allocationOf(named);
    const own = holdouts[i]?.get(`${allocation}`);
    return allocation && { allocation, holdout: heldOutBy(own, side, named) };
  });
  if (!old || !now) return null;
  return { isIn: experiments.has(now.allocation), holdouts: [old.holdout, now.holdout] };
}

/** Whether a subject gets another value in NEW. */
function getsOther({ pair }: Member, subject: JudgedSubject): boolean {
  const [old, now] = pair.resultsOf(subject);
  return old.value !== now.value;
}

/** Whether NEW gives a holdout's subjects something else, or holds out another share of the subjects. */
function isFound({ differ, inBoth: { now, old } }: HeldOut): boolean {
  // Different hashes hold out different subjects, so their numbers differ by chance.
  return differ > 0 || (old - now) ** 2 > MAX_SQUARE * (old + now);
}

interface KnownPair extends FlagExperiments {
  readonly flag: DescribedPair;
  readonly holdouts: readonly [Holdouts, Holdouts];
}

/** Counts of several pairs of flags, by their indexes. */
interface SharedHoldout {
  readonly indexes: readonly number[];
  readonly counts: HeldOut;
}

/** The holdouts of OLD, unless all of their flags are the same in NEW. */
function heldOutIn(known: readonly KnownPair[]): readonly SharedHoldout[] {
  const byName = new Map<string, Set<number>>();
  for (const [i, { holdouts }] of known.entries()) {
    for (const { name } of holdouts[0].values()) {
      byName.set(name, (byName.get(name) ?? new Set()).add(i));
    }
  }
  return [...byName].flatMap(([holdout, found]) => {
    const indexes = [...found];
    const pairs = indexes.map((i) => (known[i] as KnownPair).flag); // they are indexes
    if (!pairs.some((it) => it.mayDiffer)) return [];
    const flags = pairs.map(({ old }) => old.key);
    const counts = { holdout, flags, held: 0, differ: 0, inBoth: { old: 0, now: 0 } };
    return [{ indexes, counts }];
  });
}
