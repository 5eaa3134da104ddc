import type { FlagDescription } from "@sortition/core/dialect";
import { seededRandom } from "@sortition/proof";
import type { PlaceOfCondition } from "../dialects/place.js";
import type { SubjectWatch, WatchReport } from "../diff/subject-watch.js";
import type { JudgedSubject } from "../judge/flag-judge.js";
import type { ComparedPair } from "../two-vendors/compared-pair.js";
import { areApart, type ExperimentPlaces, experimentsOf, keysOf } from "./experiments.js";
import { type Holdout, holdoutsIn } from "./holdouts.js";
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
  /** Opens the pair to evaluate it, if it shares subjects with another one or has a holdout. */
  open(): ComparedPair;
}

/** Two flags that OLD keeps apart, and the number of subjects that would be in both in NEW. */
export interface KeptApart {
  readonly flags: readonly [string, string];
  both: number;
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

/** A pair of flags that shares subjects with other flags, or has a holdout. */
interface Member {
  readonly pair: ComparedPair;
  /** The experiments in NEW. */
  readonly experiments: ReadonlySet<string>;
  /** Pairs of which OLD keeps this one apart. */
  readonly apart: Map<Member, KeptApart>;
  readonly holdouts: ReadonlyMap<string, HeldOut>;
  /** Allocations of NEW that belong to a holdout. */
  readonly newHoldouts: ReadonlySet<string>;
}

/** Counts subjects who would be in flags that OLD keeps apart, or get what OLD holds them out of. */
export class SharedSubjects implements SubjectWatch {
  readonly #members: readonly Member[];
  readonly #isMadeUp: boolean;
  readonly #apart: readonly KeptApart[];
  readonly #heldOut: readonly HeldOut[];
  #total = 0;

  constructor({ flags, isMadeUp, nowMs, placesOf: [oldPlace, newPlace] }: WatchedFlags) {
    const known = flags.map(
      (flag): KnownPair => ({
        ...{ flag, holdouts: holdoutsIn(flag.old) },
        old: experimentsOf(flag.old, oldPlace, nowMs),
        now: experimentsOf(flag.now, newPlace, nowMs),
      }),
    );
    const heldOut = heldOutIn(known);
    const found = apartIn(known);
    const inGroups = new Set(found.flatMap(({ indexes }) => indexes));
    const members = new Map<number, Member>();
    for (const [i, { flag, holdouts, now }] of known.entries()) {
      if (!inGroups.has(i) && holdouts.length === 0) continue;
      members.set(i, {
        pair: flag.open(),
        experiments: keysOf(now),
        apart: new Map(),
        holdouts: new Map(
          holdouts.map(({ allocation, name }) => [allocation, heldOut.get(name) as HeldOut]), // see `heldOutIn`
        ),
        newHoldouts: new Set(holdoutsIn(flag.now).map((it) => it.allocation)),
      });
    }
    for (const { counts, indexes } of found) {
      const [one, other] = indexes.map((i) => members.get(i)) as [Member, Member]; // see above
      one.apart.set(other, counts);
    }
    this.#members = [...members.values()];
    this.#apart = found.map(({ counts }) => counts);
    this.#heldOut = [...heldOut.values()];
    this.#isMadeUp = isMadeUp;
  }

  add(subject: JudgedSubject): void {
    if (this.#members.length === 0) return;
    this.#total += 1;
    const isIn: Member[] = [];
    const held = new Map<HeldOut, HeldSubject>();
    for (const member of this.#members) {
      const [old, now] = member.pair.resultsOf(subject);
      if (old.problem !== null || now.problem !== null) continue;
      const [wasIn, isNowIn] = member.pair.allocationsOf(subject);
      if (member.experiments.has(isNowIn)) isIn.push(member);
      for (const out of new Set(member.holdouts.values())) {
        const known = held.get(out) ?? {
          isHeld: false,
          differs: false,
          inOld: false,
          inNow: false,
        };
        held.set(out, known);
        const isHeld = member.holdouts.get(wasIn) === out;
        known.isHeld ||= isHeld;
        if (member.newHoldouts.size === 0) {
          known.differs ||= isHeld && old.value !== now.value;
        } else {
          known.inOld ||= isHeld;
          known.inNow ||= member.newHoldouts.has(isNowIn);
        }
      }
    }
    for (const member of isIn) {
      for (const other of isIn) {
        const counts = member.apart.get(other);
        if (counts !== undefined) counts.both += 1;
      }
    }
    for (const [out, { differs, inNow, inOld, isHeld }] of held) {
      out.held += Number(isHeld);
      out.differ += Number(differs);
      out.inBoth.old += Number(inOld);
      out.inBoth.now += Number(inNow);
    }
  }

  report(): WatchReport {
    if (this.#isMadeUp && this.#total === 0) this.#addMadeUp();
    return watchReport({
      apart: this.#apart.filter(({ both }) => both > 0),
      heldOut: this.#heldOut.filter(isFound),
      total: this.#total,
      isMadeUp: this.#isMadeUp,
    });
  }

  /** Adds keys that have the attributes that rules of the flags compare. */
  #addMadeUp(): void {
    if (this.#members.length === 0) return;
    const random = seededRandom(SEED);
    const rows = this.#members.map(({ pair }) => {
      const plain = pair.made().filter(({ oddness }) => oddness === 0);
      return plain.map(({ subject }) => subject.attributes);
    });
    for (let i = 0; i < MADE_UP; i++) {
      const some = rows.map((it) => it[Math.floor(random() * it.length)] ?? {});
      const subject = { key: `key-${i}`, attributes: Object.assign({}, ...some) };
      this.add(this.#members.reduce((it, { pair }) => pair.withUnits(it, i), subject));
    }
  }
}

/** What a holdout means for one subject. */
interface HeldSubject {
  isHeld: boolean;
  differs: boolean;
  /** Whether OLD holds it out of a flag that has a holdout in NEW, too, and whether NEW does. */
  inOld: boolean;
  inNow: boolean;
}

/** Whether NEW gives a holdout's subjects something else, or holds out another share of the subjects. */
function isFound({ differ, inBoth: { now, old } }: HeldOut): boolean {
  // Different hashes hold out different subjects, so their numbers differ by chance.
  return differ > 0 || (old - now) ** 2 > MAX_SQUARE * (old + now);
}

interface KnownPair {
  readonly flag: DescribedPair;
  readonly old: readonly ExperimentPlaces[];
  readonly now: readonly ExperimentPlaces[];
  readonly holdouts: readonly Holdout[];
}

function heldOutIn(known: readonly KnownPair[]): ReadonlyMap<string, HeldOut> {
  const flags = new Map<string, Set<string>>();
  for (const { flag, holdouts } of known) {
    for (const { name } of holdouts) {
      flags.set(name, (flags.get(name) ?? new Set()).add(flag.old.key));
    }
  }
  return new Map(
    [...flags].map(([holdout, keys]) => {
      return [
        holdout,
        { holdout, flags: [...keys], held: 0, differ: 0, inBoth: { old: 0, now: 0 } },
      ];
    }),
  );
}

/** Two pairs by their indexes, the lower one first. */
interface ApartPair {
  readonly indexes: readonly [number, number];
  readonly counts: KeptApart;
}

/** Pairs that OLD keeps apart, and NEW perhaps not. Only flags that share a space are compared. */
function apartIn(known: readonly KnownPair[]): readonly ApartPair[] {
  const bySpace = new Map<string, Set<number>>();
  for (const [i, { old }] of known.entries()) {
    for (const space of old.flatMap((it) => it.alternatives.flatMap((one) => [...one.keys()]))) {
      bySpace.set(space, (bySpace.get(space) ?? new Set()).add(i));
    }
  }
  const found = new Map<string, ApartPair>();
  for (const sharing of bySpace.values()) {
    const indexes = [...sharing].sort((a, b) => a - b);
    for (const [n, i] of indexes.entries()) {
      for (const j of indexes.slice(n + 1)) {
        const [one, other] = [known[i] as KnownPair, known[j] as KnownPair]; // they are indexes
        const name = `${i} ${j}`;
        if (found.has(name) || !areApart(one.old, other.old) || areApart(one.now, other.now)) {
          continue;
        }
        const flags = [one.flag.old.key, other.flag.old.key] as const;
        found.set(name, { indexes: [i, j], counts: { flags, both: 0 } });
      }
    }
  }
  return [...found.values()];
}
