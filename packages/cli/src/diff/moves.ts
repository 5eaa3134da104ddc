import type { Aspect } from "@sortition/core/dialect";
import { madeOnce } from "../made-once.js";
import type { Place } from "../rows/place.js";

/** A subject that moved. */
export interface MovedSubject {
  readonly place: Place;
  readonly subject: string;
  readonly why: Aspect;
}

/** Counts the subjects with the same variations before and after; `null` means no variation. */
export interface Cell {
  readonly before: string | null;
  readonly after: string | null;
  count: number;
  /** Number of subjects that move. Subjects that keep their variation move if its value changed. */
  moved: number;
  /** The first subjects that moved. */
  readonly examples: MovedSubject[];
}

/** The counts of one flag. */
export interface CountedMoves {
  /** Number of subjects; 1 for shares. */
  readonly total: number;
  readonly moved: number;
  /** Number of subjects that could not be evaluated with one of the configurations. */
  readonly undecided: number;
  /** Why the first of them could not be evaluated; `null` if all could be. */
  readonly undecidedBy: string | null;
  /** Number of undecided subjects by the attribute that they lack and that a changed rule reads. */
  readonly lacking: ReadonlyMap<string, number>;
  readonly cells: readonly Cell[];
  /** Number of moved subjects by aspect; empty if unknown. */
  readonly whys: ReadonlyMap<Aspect, number>;
}

const MAX_EXAMPLES = 20;

/** Counts what subjects get from one flag before and after. */
export class Moves {
  readonly #cells = new Map<string, Cell>();
  readonly whys: Map<Aspect, number> = new Map();
  total = 0;
  moved = 0;
  undecided = 0;
  undecidedBy: string | null = null;
  readonly lacking: Map<string, number> = new Map();

  get counted(): CountedMoves {
    const { lacking, moved, total, undecided, undecidedBy, whys } = this;
    const cells = [...this.#cells.values()];
    return { total, moved, undecided, undecidedBy, lacking, whys, cells };
  }

  /** Adds a subject that could not be evaluated. */
  addUndecided(problem: string | null): void {
    this.total += 1;
    this.undecided += 1;
    this.undecidedBy ??= problem;
  }

  /** Adds a subject that could not be evaluated, because it lacks an attribute. */
  addLacking(attribute: string): void {
    this.addUndecided(null);
    this.lacking.set(attribute, (this.lacking.get(attribute) ?? 0) + 1);
  }

  /** @param movedBy - called if the subject moved. */
  add(
    before: string | null,
    after: string | null,
    isMoved: boolean,
    movedBy: () => MovedSubject,
  ): void {
    this.total += 1;
    const cell = this.#cellOf(before, after);
    cell.count += 1;
    if (!isMoved) return;
    this.moved += 1;
    cell.moved += 1;
    const subject = movedBy();
    this.whys.set(subject.why, (this.whys.get(subject.why) ?? 0) + 1);
    if (cell.examples.length < MAX_EXAMPLES) cell.examples.push(subject);
  }

  #cellOf(before: string | null, after: string | null): Cell {
    // Variation keys may be any string.
    const key = `${before === null ? "" : `=${before}`}\0${after === null ? "" : `=${after}`}`;
    return madeOnce(this.#cells, key, () => {
      return { before, after, count: 0, moved: 0, examples: [] };
    });
  }
}
