import type { Unit } from "../unit.js";
import type { Target } from "./target.js";

/**
 * Answers of a participant to a sample of questions, by topic. Participants that answer the same
 * topic must give the same answers.
 */
export type Answers = Readonly<Record<string, readonly unknown[]>>;

/** The result of a round that does not measure time per operation but, for example, bytes or the longest stall. */
export interface Reading {
  /** Of one operation, in the unit of the cell. */
  readonly figure: number;
  /** Other figures of the same operations, by the name of their row in the table. */
  readonly also?: Readonly<Record<string, number>>;
  /** See {@link Task.run}. */
  readonly checksum: number;
}

/** A participant's work in a cell, ready to be timed. */
export interface Task {
  readonly answers: Answers;
  /** Performs the operations. The result depends on each of them, so that none can be optimised away. */
  run(operations: number): number | Reading | Promise<number | Reading>;
}

/** An SDK or a floor that is measured in a cell, in a process of its own. */
export interface Participant {
  readonly name: string;
  /** The share of the cell's operations that it performs; less than 1 for a slow participant. Default: 1. */
  readonly share?: number;
  /** Returns why it cannot run here, `null` if it can. Absent: it can. */
  absence?(): string | null;
  /** Creates the workload, and servers that it needs. Runs in the participant's process. */
  prepare(): Promise<Task>;
}

export interface Effort {
  readonly rounds: number;
  /** Operations of one round. */
  readonly operations: number;
  readonly warmUpOperations: number;
}

export type Mode = "full" | "quick";

export interface Cell {
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  /** The others are compared with the first one. */
  readonly participants: readonly Participant[];
  readonly effort: Readonly<Record<Mode, Effort>>;
  /** Whether garbage is collected before each round, outside the timing. */
  readonly collectsGarbage: boolean;
  readonly targets: readonly Target[];
  /** Whether the answers describe the build itself, so that the answers of two builds may differ. */
  readonly answersMayDiffer?: boolean;
  /** Whether each round is one event whose worst cases count: shows the 99th percentile and the maximum. */
  readonly hasTail?: boolean;
  /** Returns the fault of answers on which all participants agree (e.g. a workload that tests nothing), or `null`. */
  findFault(answers: Answers): string | null;
}

type Extent = readonly [rounds: number, operations: number, warmUpOperations: number];

/** Rounds and operations of a full run and of a quick one. */
export function effortOf(full: Extent, quick: Extent): Cell["effort"] {
  const named = ([rounds, operations, warmUpOperations]: Extent): Effort => {
    return { rounds, operations, warmUpOperations };
  };
  return { full: named(full), quick: named(quick) };
}

/**
 * For cells whose operation takes between 0.1 and about 10 microseconds. The first two rounds end
 * before 50,000 subjects were evaluated, so that minima are taken while assignment caches are not
 * full: the vendor's is several times as slow when it is.
 */
const EVALUATION_EFFORT = effortOf([30, 10_000, 20_000], [5, 10_000, 20_000]);

/** Completes a cell. Defaults: it times short operations, has no target, and leaves checks to its participants. */
export function cellOf(cell: Pick<Cell, "id" | "title" | "participants"> & Partial<Cell>): Cell {
  return {
    unit: "ns",
    effort: EVALUATION_EFFORT,
    collectsGarbage: false,
    targets: [],
    findFault: () => null,
    ...cell,
  };
}
