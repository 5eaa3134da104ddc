import type { JudgedSubject } from "../judge/flag-judge.js";
import { madeOnce } from "../made-once.js";
import type { Place } from "../rows/place.js";
import { type Candidates, isNamed } from "./candidates.js";
import type { FlagResult } from "./flag-side.js";
import { UnitCounts } from "./unit-counts.js";
import { shapesOf } from "./value-shape.js";

/** How unusual a made-up subject is: 1 if it lacks an attribute, 2 if a value has another type or case. */
export type Oddness = 0 | 1 | 2;

/** A subject of a group. */
export interface Example {
  readonly subject: JudgedSubject;
  readonly oddness: Oddness;
}

/** A subject that gets different values. */
export interface DifferingSubject {
  readonly place: Place;
  readonly subject: string;
}

/** Subjects that were decided by the same allocations. */
export interface Group {
  /** On how many sides the hash decides: `values`: none; `entry`: one; `split`: both. */
  readonly kind: "values" | "entry" | "split";
  /** What decided in OLD and in NEW: an allocation, or the split that the subjects are in. */
  readonly old: string;
  readonly now: string;
  count: number;
  /** Number of subjects that get a different value. */
  moved: number;
  /** Number of subjects by values. The key is the JSON of both canonical texts. */
  readonly values: Map<string, number>;
  /** What is hashed, if it is not the key of the subject on both sides; otherwise `null`. */
  readonly units: UnitCounts | null;
  /** Examples by the shapes of the attributes that rules read. Unless the kind is `split`, they get a different value. */
  readonly shapes: Map<string, ShapeExample>;
  /** The first subjects that get a different value. */
  readonly subjects: DifferingSubject[];
}

/** The plainest of the subjects whose attributes have the same shapes. */
interface ShapeExample {
  count: number;
  example: Example;
  /** Number of attributes whose values must be hidden, because no rule names them. */
  hidden: number;
}

/** The counts of a pair of flags. */
export interface CountedDifferences {
  readonly total: number;
  /** Number of subjects by the reason why the files cannot decide. */
  readonly undecided: ReadonlyMap<string, number>;
  readonly groups: readonly Group[];
  /** Subjects that would perhaps get different values with an attribute that they lack, by the attribute. */
  readonly lacking: ReadonlyMap<string, number>;
}

const MAX_SUBJECTS = 20;
/** Maximum number of shapes to keep for a group. */
const MAX_SHAPES = 100;

/** Counts the values that subjects get from a pair of flags. */
export class DifferenceTally {
  readonly #groups = new Map<string, Group>();
  readonly #undecided = new Map<string, number>();
  #total = 0;
  readonly #lacking = new Map<string, number>();
  readonly #attributes: readonly string[];
  readonly #candidates: Candidates;

  /**
   * @param attributes - the attributes that the rules read.
   * @param candidates - the values that the rules name.
   */
  constructor(attributes: readonly string[], candidates: Candidates) {
    this.#attributes = attributes;
    this.#candidates = candidates;
  }

  get counted(): CountedDifferences {
    return {
      total: this.#total,
      undecided: this.#undecided,
      groups: [...this.#groups.values()],
      lacking: this.#lacking,
    };
  }

  /** Records an attribute that a flag reads and that a subject lacks. */
  noteLacking(attribute: string): void {
    this.#lacking.set(attribute, (this.#lacking.get(attribute) ?? 0) + 1);
  }

  add(old: FlagResult, now: FlagResult, { subject, oddness }: Example, place: Place): void {
    this.#total += 1;
    const problem = old.problem ?? now.problem;
    if (problem !== null) {
      this.#undecided.set(problem, (this.#undecided.get(problem) ?? 0) + 1);
      return;
    }
    const kind = kindOf(old, now);
    const isMoved = old.value !== now.value;
    if (kind === "values" && !isMoved) return;
    const group = this.#groupOf(kind, old, now);
    group.count += 1;
    const values = JSON.stringify([old.value, now.value]);
    group.units?.add(old.hashed, now.hashed, values);
    group.values.set(values, (group.values.get(values) ?? 0) + 1);
    if (isMoved || kind === "split") this.#offer(group, { subject, oddness });
    if (!isMoved) return;
    group.moved += 1;
    if (group.subjects.length < MAX_SUBJECTS) {
      group.subjects.push({ place: { file: place.file, line: place.line }, subject: subject.key });
    }
  }

  /** Keeps the plainer of two examples with the same shapes, or the earlier one if they are equally plain. */
  #offer({ shapes }: Group, example: Example): void {
    const { attributes } = example.subject;
    const shape = shapesOf(attributes, this.#attributes);
    const read = this.#attributes.filter((name) => attributes[name] !== undefined);
    const hidden = read.filter((name) => !isNamed(attributes[name], name, this.#candidates)).length;
    const known = shapes.get(shape);
    if (known === undefined) {
      if (shapes.size < MAX_SHAPES) shapes.set(shape, { count: 1, example, hidden });
      return;
    }
    known.count += 1;
    if (isPlainer({ example, hidden }, known)) Object.assign(known, { example, hidden });
  }

  #groupOf(kind: Group["kind"], was: FlagResult, is: FlagResult): Group {
    const [old, now] = [was.split ?? was.decider, is.split ?? is.decider];
    const key = JSON.stringify([kind, old, now]);
    return madeOnce(this.#groups, key, () => {
      const counts = { count: 0, moved: 0, values: new Map(), shapes: new Map(), subjects: [] };
      const units = kind === "split" ? UnitCounts.of(was.hashed, is.hashed) : null;
      return { kind, old, now, ...counts, units };
    });
  }
}

/** The kind of group for two results that differ or are in a split. */
export function kindOf(old: FlagResult, now: FlagResult): Group["kind"] {
  if (old.split === null && now.split === null) return "values";
  return old.split !== null && now.split !== null ? "split" : "entry";
}

/** The example for most of a group's subjects: one without odd values, whose attributes have the most frequent shapes. */
export function exampleIn({ shapes }: Group): Example | null {
  const [first] = [...shapes.values()].sort((a, b) => {
    return a.example.oddness - b.example.oddness || b.count - a.count;
  });
  return first?.example ?? null;
}

type Ranked = Pick<ShapeExample, "example" | "hidden">;

function isPlainer(a: Ranked, b: Ranked): boolean {
  const oddness = a.example.oddness - b.example.oddness;
  if (oddness !== 0) return oddness < 0;
  return a.hidden === b.hidden ? sizeOf(a.example) < sizeOf(b.example) : a.hidden < b.hidden;
}

function sizeOf({ subject }: Example): number {
  return Object.keys(subject.attributes).length;
}
