import type { Aspect } from "@sortition/core/dialect";
import type { Place } from "../rows/place.js";

/** A subject that moved. */
export interface MovedSubject {
  readonly place: Place;
  readonly subject: string;
  readonly why: Aspect;
}

/** What subjects get before and after; `null`: nothing. */
export interface Cell {
  readonly before: string | null;
  readonly after: string | null;
  count: number;
  /** How many of them move: those with the same variation do if its value changed. */
  moved: number;
  /** The first ones that moved. */
  readonly examples: MovedSubject[];
}

/** What is counted of the subjects of one flag, in a form that can be handed over to another thread. */
export interface CountedMoves {
  readonly total: number;
  readonly moved: number;
  readonly undecided: number;
  readonly undecidedBy: string | null;
  /** An attribute that the flag read; `null`: no subject lacked one. */
  readonly lacking: string | null;
  /** Whether a subject has all attributes that the flag read. */
  readonly isComplete: boolean;
  readonly cells: readonly Cell[];
  readonly whys: ReadonlyMap<Aspect, number>;
}

const MAX_EXAMPLES = 20;

/** Counts what the subjects of one flag get before and after. */
export class Moves {
  readonly #cells = new Map<string, Cell>();
  readonly whys: Map<Aspect, number> = new Map();
  total = 0;
  moved = 0;
  undecided = 0;
  undecidedBy: string | null = null;
  lacking: string | null = null;
  isComplete = false;

  get counted(): CountedMoves {
    const { isComplete, lacking, moved, total, undecided, undecidedBy, whys } = this;
    const cells = [...this.#cells.values()];
    return { total, moved, undecided, undecidedBy, lacking, isComplete, whys, cells };
  }

  /** Adds the moves of later subjects. */
  merge(moves: CountedMoves): void {
    const { cells, isComplete, lacking, moved, total, undecided, undecidedBy, whys } = moves;
    this.total += total;
    this.moved += moved;
    this.undecided += undecided;
    this.undecidedBy ??= undecidedBy;
    this.noteReads(lacking, isComplete);
    for (const [why, n] of whys) this.whys.set(why, (this.whys.get(why) ?? 0) + n);
    for (const { after, before, count, examples, moved: movedHere } of cells) {
      const cell = this.#cellOf(before, after);
      cell.count += count;
      cell.moved += movedHere;
      cell.examples.push(...examples.slice(0, MAX_EXAMPLES - cell.examples.length));
    }
  }

  /** Adds a subject of whom it is not known what it gets. */
  addUndecided(problem: string | null): void {
    this.total += 1;
    this.undecided += 1;
    this.undecidedBy ??= problem;
  }

  /** Notes an attribute that subjects lack, and whether one of them lacks none. */
  noteReads(lacking: string | null, isComplete: boolean): void {
    this.lacking ??= lacking;
    this.isComplete ||= isComplete;
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
    // Keys of variations may be any strings.
    const key = `${before === null ? "" : `=${before}`}\0${after === null ? "" : `=${after}`}`;
    const known = this.#cells.get(key);
    if (known !== undefined) return known;
    const cell = { before, after, count: 0, moved: 0, examples: [] };
    this.#cells.set(key, cell);
    return cell;
  }
}
