import type { Unit } from "../unit.js";
import type { Target } from "./target.js";

/**
 * Results of a participant for a sample of evaluations, by topic. Participants with results for the same topic must agree.
 */
export type Answers = Readonly<Record<string, readonly unknown[]>>;

/** The result of a round that does not measure time per operation but, for example, bytes or the longest stall. */
export interface Reading {
  /** Figure of one operation, in the unit of the cell. */
  readonly figure: number;
  /** Other figures of the same operations, by the name of their row in the table. */
  readonly also?: Readonly<Record<string, number>>;
  /** See {@link Task.run}. */
  readonly checksum: number;
}

/** A participant's prepared work in a cell. */
export interface Task {
  readonly answers: Answers;
  /** Performs the operations. The result depends on all of them, so that none can be optimised away. */
  run(operations: number): number | Reading | Promise<number | Reading>;
}

/** An SDK or a floor that is measured in a cell, in its own process. */
export interface Participant {
  readonly name: string;
  /** Share of the cell's operations that it performs, less than 1 for slow participants. Default: 1. */
  readonly share?: number;
  /** Creates the workload and its servers. Runs in the participant's process. */
  prepare(): Promise<Task>;
}

export interface Effort {
  readonly rounds: number;
  /** Number of operations in a round. */
  readonly operations: number;
  readonly warmUpOperations: number;
}

export type Mode = "full" | "quick";

export interface Cell {
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  /** Participants. The others are compared with the first one. */
  readonly participants: readonly Participant[];
  readonly effort: Readonly<Record<Mode, Effort>>;
  /** Whether garbage is collected before each round, outside the timing. */
  readonly collectsGarbage: boolean;
  readonly targets: readonly Target[];
  /** Returns what is wrong with results on which all participants agree, such as a workload that tests nothing, or `null`. */
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
 * Effort for operations that take between 0.1 and about 10 microseconds. The first two rounds end before 50,000 subjects were
 * evaluated, so that minima are measured before the assignment caches are full. The vendor's full cache is several times as
 * slow.
 */
const EVALUATION_EFFORT = effortOf([30, 10_000, 20_000], [5, 10_000, 20_000]);

/** Completes a cell. By default, it times short operations, has no targets, and does not check results. */
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
